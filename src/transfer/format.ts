import { parseHash } from '../accounts/stored-hashes.ts'
import { accountId, usernameFault } from '../accounts/usernames.ts'
import { hasDuplicateKeys, isObject } from '../json.ts'
import type { AccountRow, SessionRow } from '../stores/sql/transfer.ts'
import { accountForm, deletedAccountForm, endForm, faultOf, type Members, sessionForm } from './fields.ts'

// The file: a header, then each account with its sessions below it, then a line that says that it is whole. It has
// everything that stands in the tables, in a fixed order, so that equal stores give equal files.
const format = 'sesame'
const version = 1

type Line =
  | { readonly kind: 'header' }
  | { readonly kind: 'account'; readonly row: AccountRow }
  | { readonly kind: 'session'; readonly row: SessionRow }
  /** How many lines stand between the header and this one. */
  | { readonly kind: 'end'; readonly lines: number }
  /** Of a version that is not known here: nothing of the file can be. */
  | { readonly kind: 'foreign'; readonly fault: string }
  | { readonly kind: 'bad'; readonly fault: string }

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

/** Reads a line. What is wrong with it is said without a word of it.
 * @param now for accounts from elsewhere, of which it is not known since when they are there; seconds since 1970 */
export const readLine = (text: string, now: number): Line => {
  const value = parse(text)
  if (!isObject(value)) return bad('is no JSON object')
  if (!isAsWritten(value, text) && hasDuplicateKeys(text)) return bad('has a member twice')
  if ('format' in value) return readHeader(value)
  const { type = 'account', ...members } = value
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined
  return read ? read(members, now) : bad('has a type that is not known')
}

const bad = (fault: string): Line => ({ kind: 'bad', fault })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words quote the line.
    return undefined
  }
}

/** Whether the text is what JSON.stringify makes of its value: then no member is there twice. */
const isAsWritten = (value: unknown, text: string): boolean => {
  try {
    return JSON.stringify(value) === text
  } catch {
    // Nested more deeply than it can write.
    return false
  }
}

const readHeader = (value: Members): Line => {
  if (value.format !== format) return { kind: 'foreign', fault: 'names a format that is not known' }
  if (value.version !== version)
    return {
      kind: 'foreign',
      fault: `has another version of the format than ${version}: import it with the Sesame that wrote it, or a newer one`,
    }
  return { kind: 'header' }
}

const readAccount = (given: Members, now: number): Line => {
  // Elsewhere names are what tells accounts apart.
  const id = typeof given.username === 'string' ? accountId(given.username) : undefined
  const members: Members = { id, credential_version: 0, created_at: now, ...given }
  const { username, password_hash: hash } = members
  const fault = faultOf(members, accountForm)
  if (fault !== undefined) return bad(fault)
  if (members.id !== id) return bad('has an id that is not the one of its username')
  const nameFault = usernameFault(String(username))
  if (nameFault !== undefined) return bad(`has a username that ${nameFault}`)
  const parsed = parseHash(String(hash))
  if ('fault' in parsed) return bad(`has a password_hash that ${parsed.fault}`)
  return { kind: 'account', row: members as unknown as AccountRow }
}

const readDeletedAccount = (members: Members): Line => {
  const fault = faultOf(members, deletedAccountForm)
  if (fault !== undefined) return bad(fault)
  return { kind: 'account', row: { ...members, username: null, password_hash: null } as unknown as AccountRow }
}

const readSession = (members: Members): Line => {
  const fault = faultOf(members, sessionForm)
  return fault === undefined ? { kind: 'session', row: members as unknown as SessionRow } : bad(fault)
}

const readEnd = (members: Members): Line => {
  const fault = faultOf(members, endForm)
  return fault === undefined ? { kind: 'end', lines: Number(members.lines) } : bad(fault)
}

const readers: Readonly<Record<string, (members: Members, now: number) => Line>> = {
  account: readAccount,
  'deleted-account': readDeletedAccount,
  session: readSession,
  end: readEnd,
}
