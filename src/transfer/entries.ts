import type { AccountRow, SessionRow } from '../stores/sql/transfer.ts'
import { parseLine } from './format.ts'
import type { InputLine } from './lines.ts'

/** The account that the session lines below it belong to. */
export interface Owner {
  readonly id: string
  readonly credentialVersion: number
  readonly isDeleted: boolean
  /** Whether this import added the account; undefined until its batch is written. */
  isAdded?: boolean
}

interface RejectedEntry {
  /** `existing`: the line is valid, but the database had its account or session already. */
  readonly kind: 'invalid' | 'existing'
  /** The number of the line; 0 when the fault concerns the whole file. */
  readonly number: number
  readonly fault: string
}

/** The row of a line, or the reason why the line is not imported. */
export type Entry =
  | { readonly kind: 'account'; readonly number: number; readonly row: AccountRow; readonly owner: Owner }
  | { readonly kind: 'session'; readonly number: number; readonly row: SessionRow; readonly owner: Owner }
  | RejectedEntry

/** Turns the lines of a file into entries. It also checks the order and the number of the lines. */
export async function* entriesOf(lines: AsyncIterable<InputLine>, nowSeconds: number): AsyncGenerator<Entry> {
  let hasHeader = false
  let hasEnd = false
  let isEmpty = true
  let lineCount = 0
  let owner: Owner | undefined

  for await (const { number, text, fault: textFault } of lines) {
    if (text?.trim() === '') continue
    isEmpty = false
    const invalid = (fault: string): RejectedEntry => ({ kind: 'invalid', number, fault })
    const line = text === undefined ? invalid(textFault ?? '') : parseLine(text, nowSeconds)
    if (hasEnd) {
      yield invalid('comes after the end line')
      continue
    }
    if (line.kind === 'header' && number === 1) {
      hasHeader = true
      continue
    }
    if (line.kind === 'end' && hasHeader) {
      hasEnd = true
      if (line.lines !== lineCount)
        yield invalid('does not match the number of lines above it: lines are missing or were added')
      continue
    }
    lineCount += 1
    switch (line.kind) {
      case 'header':
      case 'end':
        yield invalid(`is ${line.kind === 'end' ? 'an end' : 'a header'} line in the wrong place`)
        break
      case 'unsupported':
        yield invalid(line.fault)
        // The other lines could mean something else in that format.
        return
      case 'account':
        yield { kind: 'account', number, row: line.row, owner: (owner = ownerOf(line.row)) }
        break
      case 'session': {
        const fault = ownerFaultOf(line.row, owner)
        yield fault === undefined && owner ? { kind: 'session', number, row: line.row, owner } : invalid(fault ?? '')
        break
      }
      case 'invalid':
        yield invalid(line.fault)
    }
  }
  if (isEmpty) yield { kind: 'invalid', number: 0, fault: 'the file is empty' }
  if (hasHeader && !hasEnd)
    yield { kind: 'invalid', number: 0, fault: 'the file is incomplete: its end line is missing' }
}

const ownerOf = ({ id, username, credential_version: credentialVersion }: AccountRow): Owner => ({
  id,
  credentialVersion,
  isDeleted: username === null,
})

/** Returns why a session cannot belong to the account line above it, or undefined. A session is imported only together
 * with its account. Otherwise it could reach another person's account with the same name. */
const ownerFaultOf = (row: SessionRow, owner: Owner | undefined): string | undefined => {
  if (row.account_id !== owner?.id) return 'does not follow the valid account line that it belongs to'
  if (owner.isDeleted) return 'belongs to a deleted account'
  // The session would become active when a change of the password reaches this version.
  if (row.credential_version > owner.credentialVersion) return 'has a higher credential_version than its account'
  return undefined
}
