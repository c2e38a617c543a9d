import type { AccountRow, SessionRow } from '../stores/sql/transfer.ts'

/** The fields of a line, without its type. */
export type Fields = Readonly<Record<string, unknown>>

const isCount = (value: unknown, max: number): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max
const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value)

// The columns are signed 32-bit integers, which the service still increments. Times end with the year 9999.
const count = (value: unknown): boolean => isCount(value, 2 ** 30)
const time = (value: unknown): boolean => isCount(value, 253_402_300_799)
const accountKey = (value: unknown): boolean => isText(value, /^[0-9a-f]{64}$/)

/** A check of each field. They accept what the tables can hold and the contract allows in responses. */
type Checks<Row> = { readonly [Name in keyof Row]: (value: unknown) => boolean }

export const accountChecks: Checks<AccountRow> = {
  // The username comes first: the default of the id depends on it.
  username: (value) => typeof value === 'string' && value !== '',
  id: accountKey,
  password_hash: (value) => typeof value === 'string',
  credential_version: count,
  created_at: time,
}

export const deletedAccountChecks = { id: accountKey, credential_version: count, created_at: time }

export const sessionChecks: Checks<SessionRow> = {
  id: (value) => isText(value, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  account_id: accountKey,
  credential_version: count,
  client_id: (value) => isText(value, /^[\x20-\x7e]{1,255}$/),
  scope: (value) => isText(value, /^[\x20-\x7e]{0,1000}$/),
  opened_at: time,
  refreshed_at: time,
  expires_at: time,
  generation: count,
  // 32 bytes in canonical base64url.
  secret: (value) => isText(value, /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
}

export const endChecks = { lines: (value: unknown): boolean => isCount(value, Number.MAX_SAFE_INTEGER) }

/** Returns what is wrong with the fields, or undefined. It names only known fields, so it quotes nothing of the
 * file. */
export const faultOf = (
  fields: Fields,
  checks: Readonly<Record<string, (value: unknown) => boolean>>,
): string | undefined => {
  for (const [name, isValid] of Object.entries(checks)) {
    if (fields[name] === undefined) return `has no ${name}`
    if (!isValid(fields[name])) return `has an invalid ${name}`
  }
  return Object.keys(fields).length > Object.keys(checks).length ? 'has an unknown field' : undefined
}
