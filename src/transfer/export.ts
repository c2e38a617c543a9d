import type { Database } from '../stores/sql/database.ts'
import { countRows, readAccounts, readSessions } from '../stores/sql/transfer.ts'
import { accountLine, endLine, headerLine, sessionLine } from './format.ts'

// The export is written in blocks of this size. A page of rows fills about one block.
const blockLength = 2 ** 18

/** Receives how many rows are exported, of how many. */
type OnProgress = (done: number, total: number) => void

/** The result of an export. It counts deleted accounts as accounts. */
export interface ExportResult {
  readonly accounts: number
  readonly sessions: number
}

/** Exports a snapshot of the database as blocks of lines. A block is read only when `write` requests it.
 * @param write consumes the blocks */
export const exportDatabase = (
  database: Database,
  write: (blocks: AsyncIterable<string>) => Promise<void>,
  onProgress: OnProgress,
): Promise<ExportResult> =>
  database.snapshot(async (db) => {
    const total = await countRows(db)
    const counts = { accounts: 0, sessions: 0 }
    const done = (): number => counts.accounts + counts.sessions
    const blocks = async function* (): AsyncGenerator<string> {
      let block = `${headerLine}\n`
      for await (const line of linesOf(db, counts)) {
        block += `${line}\n`
        if (block.length < blockLength) continue
        yield block
        block = ''
        onProgress(done(), total)
      }
      yield `${block}${endLine(done())}\n`
    }
    await write(blocks())
    return counts
  })

/** Yields the line of each account, and the lines of its sessions below it. Both are ordered by account id. */
async function* linesOf(db: Database['db'], counts: { accounts: number; sessions: number }): AsyncGenerator<string> {
  const sessions = readSessions(db)
  let session = await sessions.next()
  for await (const account of readAccounts(db)) {
    counts.accounts += 1
    yield accountLine(account)
    while (!session.done && session.value.account_id === account.id) {
      counts.sessions += 1
      yield sessionLine(session.value)
      session = await sessions.next()
    }
  }
  // A foreign key forbids sessions without an account. Sessions could remain only if the two orders differed.
  if (!session.done) throw new Error('the database does not return accounts and sessions in the same order')
}
