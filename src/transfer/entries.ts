import type { AccountRow, SessionRow } from '../stores/sql/transfer.ts'
import { readLine } from './format.ts'
import type { InputLine } from './lines.ts'

/** An account whose sessions may follow. */
export interface Owner {
  readonly id: string
  readonly credentialVersion: number
  readonly isDeleted: boolean
  /** Undefined until it was written; false where its id was there already. */
  isKept?: boolean
}

interface BadEntry {
  /** `known`: only in so far as the stores have it already. */
  readonly kind: 'bad' | 'known'
  /** 0 for the file as a whole. */
  readonly number: number
  readonly fault: string
}

/** What a line brings. */
export type Entry =
  | { readonly kind: 'account'; readonly number: number; readonly row: AccountRow; readonly owner: Owner }
  | { readonly kind: 'session'; readonly number: number; readonly row: SessionRow; readonly owner: Owner }
  | BadEntry

/** What the lines of a file bring, one after the other: whether they are in order, too. */
export async function* entriesOf(lines: AsyncIterable<InputLine>, nowSeconds: number): AsyncGenerator<Entry> {
  let hasHeader = false
  let hasEnd = false
  let isEmpty = true
  let between = 0
  let owner: Owner | undefined

  for await (const { number, text, fault: noText } of lines) {
    if (text?.trim() === '') continue
    isEmpty = false
    const bad = (fault: string): BadEntry => ({ kind: 'bad', number, fault })
    const line = text === undefined ? bad(noText ?? '') : readLine(text, nowSeconds)
    if (hasEnd) {
      yield bad('stands below the end')
      continue
    }
    if (line.kind === 'header' && number === 1) {
      hasHeader = true
      continue
    }
    if (line.kind === 'end' && hasHeader) {
      hasEnd = true
      if (line.lines !== between) yield bad('does not fit what stands above it: lines are missing')
      continue
    }
    between += 1
    switch (line.kind) {
      case 'header':
      case 'end':
        yield bad(`is a${line.kind === 'end' ? 'n end' : ' header'} out of place`)
        break
      case 'foreign':
        yield bad(line.fault)
        // Whatever follows could be taken for something else than it is.
        return
      case 'account':
        yield { kind: 'account', number, row: line.row, owner: (owner = ownerOf(line.row)) }
        break
      case 'session': {
        const fault = faultOfPlace(line.row, owner)
        yield fault === undefined && owner ? { kind: 'session', number, row: line.row, owner } : bad(fault ?? '')
        break
      }
      case 'bad':
        yield bad(line.fault)
    }
  }
  if (isEmpty) yield { kind: 'bad', number: 0, fault: 'there is nothing in the file' }
  if (hasHeader && !hasEnd)
    yield { kind: 'bad', number: 0, fault: 'the file is not whole: it was cut off before its last line' }
}

const ownerOf = ({ id, username, credential_version: credentialVersion }: AccountRow): Owner => ({
  id,
  credentialVersion,
  isDeleted: username === null,
})

/** Sessions of somebody else who has the same name in the stores must never get there, so that a session stands below its
 * account, and is kept with it alone. */
const faultOfPlace = (row: SessionRow, owner: Owner | undefined): string | undefined => {
  if (row.account_id !== owner?.id) return 'is of an account that does not stand above it, or that is not valid there'
  if (owner.isDeleted) return 'is of an account that is deleted'
  // It would come to life with a new password.
  if (row.credential_version > owner.credentialVersion) return 'has a credential_version beyond the one of its account'
  return undefined
}
