import type { AccountRow, SessionRow } from '../stores/sql/transfer.ts'

// What the members of a line may be: as much as the tables hold and the contract lets be seen.
export type Members = Readonly<Record<string, unknown>>

const isCount = (value: unknown, max: number): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max
const isText = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value)

// The tables hold 32 bits with a sign, and these are still counted up. Times go to the year 9999.
const count = (value: unknown): boolean => isCount(value, 2 ** 30)
const time = (value: unknown): boolean => isCount(value, 253_402_300_799)
const accountKey = (value: unknown): boolean => isText(value, /^[0-9a-f]{64}$/)

type Form<Row> = { readonly [Name in keyof Row]: (value: unknown) => boolean }

export const accountForm: Form<AccountRow> = {
  // First, since the id may be made of it.
  username: (value) => typeof value === 'string' && value !== '',
  id: accountKey,
  password_hash: (value) => typeof value === 'string',
  credential_version: count,
  created_at: time,
}

export const deletedAccountForm = { id: accountKey, credential_version: count, created_at: time }

export const sessionForm: Form<SessionRow> = {
  id: (value) => isText(value, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  account_id: accountKey,
  credential_version: count,
  client_id: (value) => isText(value, /^[\x20-\x7e]{1,255}$/),
  scope: (value) => isText(value, /^[\x20-\x7e]{0,1000}$/),
  opened_at: time,
  refreshed_at: time,
  expires_at: time,
  generation: count,
  // 32 bytes in the one spelling of base64url.
  secret: (value) => isText(value, /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
}

export const endForm = { lines: (value: unknown): boolean => isCount(value, Number.MAX_SAFE_INTEGER) }

/** What is wrong with the members, or undefined. Their names are ours, so that they may be said. */
export const faultOf = (
  members: Members,
  form: Readonly<Record<string, (value: unknown) => boolean>>,
): string | undefined => {
  for (const [name, isValid] of Object.entries(form)) {
    if (members[name] === undefined) return `has no ${name}`
    if (!isValid(members[name])) return `has no valid ${name}`
  }
  return Object.keys(members).length > Object.keys(form).length ? 'has a member that is not known' : undefined
}
