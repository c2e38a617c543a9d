import type { Database } from '../stores/sql/database.ts'
import { countRows, readAccounts, readSessions } from '../stores/sql/transfer.ts'
import { accountLine, endLine, headerLine, sessionLine } from './format.ts'

// What is written at once: about a page of rows.
const blockLength = 2 ** 18

/** Tells how far it is. */
type OnProgress = (done: number, total: number) => void

/** How many there were, deleted accounts among them. */
export interface Exported {
  readonly accounts: number
  readonly sessions: number
}

/** Hands everything in the stores over, as it was at one moment, in blocks of lines. The next block is read when the one
 * before was taken. */
export const exportStores = (
  database: Database,
  take: (blocks: AsyncIterable<string>) => Promise<void>,
  onProgress: OnProgress,
): Promise<Exported> =>
  database.snapshot(async (db) => {
    const total = await countRows(db)
    const tally = { accounts: 0, sessions: 0 }
    const done = (): number => tally.accounts + tally.sessions
    const blocks = async function* (): AsyncGenerator<string> {
      let block = `${headerLine}\n`
      for await (const line of linesOf(db, tally)) {
        block += `${line}\n`
        if (block.length < blockLength) continue
        yield block
        block = ''
        onProgress(done(), total)
      }
      yield `${block}${endLine(done())}\n`
    }
    await take(blocks())
    return tally
  })

/** Each account, and its sessions below it. Both come in the order of the accounts' ids. */
async function* linesOf(db: Database['db'], tally: { accounts: number; sessions: number }): AsyncGenerator<string> {
  const sessions = readSessions(db)
  let session = await sessions.next()
  for await (const account of readAccounts(db)) {
    tally.accounts += 1
    yield accountLine(account)
    while (!session.done && session.value.account_id === account.id) {
      tally.sessions += 1
      yield sessionLine(session.value)
      session = await sessions.next()
    }
  }
  // The database forbids sessions without an account, so that only another order of the two could leave some behind.
  if (!session.done) throw new Error('Accounts and sessions are not in one order')
}
