import { parseHash } from '../accounts/stored-hashes.ts'
import { accountId, usernameFault } from '../accounts/usernames.ts'
import { hasDuplicateKeys, isObject } from '../json.ts'
import type { AccountRow, SessionRow } from '../stores/sql/transfer.ts'
import { accountChecks, deletedAccountChecks, endChecks, faultOf, type Fields, sessionChecks } from './fields.ts'

// An export starts with a header line. Each account line follows, with the lines of its sessions below it. The end line
// shows that the file is complete. The file contains both tables in a fixed order, so equal databases give equal files.
const format = 'sesame'
const version = 1

type Line =
  | { readonly kind: 'header' }
  | { readonly kind: 'account'; readonly row: AccountRow }
  | { readonly kind: 'session'; readonly row: SessionRow }
  /** `lines` counts the lines between the header line and the end line. */
  | { readonly kind: 'end'; readonly lines: number }
  /** The header names an unknown format or version, so that the rest of the file cannot be read. */
  | { readonly kind: 'unsupported'; readonly fault: string }
  | { readonly kind: 'invalid'; readonly fault: string }

export const headerLine = JSON.stringify({ format, version })

export const endLine = (lines: number): string => JSON.stringify({ type: 'end', lines })

export const accountLine = (row: AccountRow): string => {
  const { id, username, password_hash, credential_version, created_at } = row
  return JSON.stringify(
    username === null
      ? { type: 'deleted-account', id, credential_version, created_at }
      : { type: 'account', id, username, password_hash, credential_version, created_at },
  )
}

export const sessionLine = (row: SessionRow): string => {
  const { id, account_id, credential_version, client_id, scope } = row
  const { opened_at, refreshed_at, expires_at, generation, secret } = row
  const account = { account_id, credential_version }
  const times = { opened_at, refreshed_at, expires_at }
  return JSON.stringify({ type: 'session', id, ...account, client_id, scope, ...times, generation, secret })
}

/** Parses a line. A fault never quotes the line, which may contain secrets.
 * @param now the default of `created_at`; seconds since 1970 */
export const parseLine = (text: string, now: number): Line => {
  const value = parseJson(text)
  if (!isObject(value)) return invalid('is not a JSON object')
  if (!isAsWritten(value, text) && hasDuplicateKeys(text)) return invalid('has a duplicate field')
  if ('format' in value) return parseHeader(value)
  const { type = 'account', ...fields } = value
  const parse = typeof type === 'string' && Object.hasOwn(parsers, type) ? parsers[type] : undefined
  return parse ? parse(fields, now) : invalid('has an unknown type')
}

const invalid = (fault: string): Line => ({ kind: 'invalid', fault })

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // The message of this error quotes the line.
    return undefined
  }
}

/** Whether the text is what JSON.stringify writes for its value. Such a text has no duplicate fields. */
const isAsWritten = (value: unknown, text: string): boolean => {
  try {
    return JSON.stringify(value) === text
  } catch {
    // The value is nested too deeply for JSON.stringify.
    return false
  }
}

const parseHeader = (value: Fields): Line => {
  if (value.format !== format) return { kind: 'unsupported', fault: 'names an unknown format' }
  if (value.version !== version)
    return {
      kind: 'unsupported',
      fault: `has a format version other than ${version}: import it with the Sesame version that wrote it, or a newer one`,
    }
  return { kind: 'header' }
}

const parseAccount = (given: Fields, now: number): Line => {
  // Accounts from other systems have no Sesame id.
  const id = typeof given.username === 'string' ? accountId(given.username) : undefined
  const fields: Fields = { id, credential_version: 0, created_at: now, ...given }
  const { username, password_hash: hash } = fields
  const fault = faultOf(fields, accountChecks)
  if (fault !== undefined) return invalid(fault)
  if (fields.id !== id) return invalid('has an id that does not match its username')
  const nameFault = usernameFault(String(username))
  if (nameFault !== undefined) return invalid(`has an invalid username: it ${nameFault}`)
  const parsed = parseHash(String(hash))
  if ('fault' in parsed) return invalid(`has a password_hash that ${parsed.fault}`)
  return { kind: 'account', row: fields as unknown as AccountRow }
}

const parseDeletedAccount = (fields: Fields): Line => {
  const fault = faultOf(fields, deletedAccountChecks)
  if (fault !== undefined) return invalid(fault)
  return { kind: 'account', row: { ...fields, username: null, password_hash: null } as unknown as AccountRow }
}

const parseSession = (fields: Fields): Line => {
  const fault = faultOf(fields, sessionChecks)
  return fault === undefined ? { kind: 'session', row: fields as unknown as SessionRow } : invalid(fault)
}

const parseEnd = (fields: Fields): Line => {
  const fault = faultOf(fields, endChecks)
  return fault === undefined ? { kind: 'end', lines: Number(fields.lines) } : invalid(fault)
}

const parsers: Readonly<Record<string, (fields: Fields, now: number) => Line>> = {
  account: parseAccount,
  'deleted-account': parseDeletedAccount,
  session: parseSession,
  end: parseEnd,
}
