import type { Database } from '../stores/sql/database.ts'
import { addAccounts, addSessions } from '../stores/sql/transfer.ts'
import { entriesOf, type Entry } from './entries.ts'
import type { InputLine } from './lines.ts'

// One transaction writes a batch and syncs the file. That takes about 200 ms, during which other writers wait.
const linesPerBatch = 8_000
// An account and its sessions share a batch. An interrupted import therefore leaves no account without its sessions,
// and can be repeated. Only a file that Sesame did not write could exceed this limit with one account.
const maxLinesPerBatch = 24_000

/** The result of an import. */
export interface ImportResult {
  readonly accounts: number
  readonly sessions: number
  /** The number of invalid lines. */
  readonly invalid: number
  /** The number of lines whose account or session the database had already. */
  readonly existing: number
  /** False when an atomic import was rolled back. */
  readonly isCommitted: boolean
}

interface Options {
  /** Imports all lines or nothing. */
  readonly isAtomic: boolean
  /** Receives each line that is not imported, in order; number 0 means the whole file. */
  readonly onRejected: (number: number, fault: string) => void
  readonly onProgress: (lines: number) => void
  readonly nowSeconds: number
}

type Db = Database['db']

/** Adds the accounts and sessions of a file to the database. It never changes existing ones. */
export const importLines = async (
  database: Database,
  lines: AsyncIterable<InputLine>,
  options: Options,
): Promise<ImportResult> => {
  const counts = { accounts: 0, sessions: 0, invalid: 0, existing: 0 }
  const writeBatch = async (db: Db, batch: readonly Entry[]): Promise<readonly Entry[]> => {
    const accounts = batch.filter((entry) => entry.kind === 'account')
    const added = await addAccounts(
      db,
      accounts.map(({ row }) => row),
    )
    // If two lines have the same id, the first one is imported.
    for (const { owner } of accounts) owner.isAdded = added.delete(owner.id)
    const sessions = batch.filter((entry) => entry.kind === 'session').filter(({ owner }) => owner.isAdded)
    const addedSessions = await addSessions(
      db,
      sessions.map(({ row }) => row),
    )
    return batch.map((entry) => outcomeOf(entry, addedSessions))
  }
  const report = (outcome: readonly Entry[]): void => {
    for (const entry of outcome) {
      if (entry.kind === 'account') counts.accounts += 1
      else if (entry.kind === 'session') counts.sessions += 1
      else {
        counts[entry.kind] += 1
        options.onRejected(entry.number, entry.fault)
      }
    }
    options.onProgress(outcome.at(-1)?.number ?? 0)
  }

  if (!options.isAtomic) {
    await eachBatch(lines, options.nowSeconds, async (batch) =>
      report(await database.write((db) => writeBatch(db, batch))),
    )
    return { ...counts, isCommitted: true }
  }
  const isCommitted = await allOrNothing(database, async (db) => {
    await eachBatch(lines, options.nowSeconds, async (batch) => report(await writeBatch(db, batch)))
    return counts.invalid + counts.existing === 0
  })
  return { ...counts, isCommitted }
}

const outcomeOf = (entry: Entry, addedSessions: Set<string>): Entry => {
  if (!('owner' in entry)) return entry
  const { number, kind, owner } = entry
  if (!owner.isAdded) {
    const fault =
      kind === 'account' ? 'is an account that already exists' : 'belongs to an account that already existed'
    return { number, kind: 'existing', fault }
  }
  if (kind === 'session' && !addedSessions.delete(entry.row.id))
    return { number, kind: 'existing', fault: 'has the id of a session that already exists' }
  return entry
}

/** Groups the entries of the lines into batches and writes each one. */
const eachBatch = async (
  lines: AsyncIterable<InputLine>,
  nowSeconds: number,
  write: (batch: readonly Entry[]) => Promise<void>,
): Promise<void> => {
  let batch: Entry[] = []
  for await (const entry of entriesOf(lines, nowSeconds)) {
    if (batch.length >= (entry.kind === 'account' ? linesPerBatch : maxLinesPerBatch)) {
      await write(batch)
      batch = []
    }
    batch.push(entry)
  }
  if (batch.length > 0) await write(batch)
}

class Rollback extends Error {}

/** Runs the work in one transaction.
 * @param work resolves to whether to commit
 * @returns whether the transaction was committed */
const allOrNothing = async (database: Database, work: (db: Db) => Promise<boolean>): Promise<boolean> => {
  let hasStarted = false
  try {
    await database.write(async (db) => {
      // The database retries after a conflict, but the lines can be read only once.
      if (hasStarted) throw new Error('another transaction conflicted with it; nothing was imported, so run it again')
      hasStarted = true
      if (!(await work(db))) throw new Rollback()
    })
    return true
  } catch (error) {
    if (error instanceof Rollback) return false
    throw error
  }
}
