import type { Database } from '../stores/sql/database.ts'
import { addAccounts, addSessions } from '../stores/sql/transfer.ts'
import { entriesOf, type Entry } from './entries.ts'
import type { InputLine } from './lines.ts'

// A transaction each. The file is synced at its end, and others wait for it: some 200 ms.
const linesPerBatch = 8_000
// An account and its sessions go into one batch, so that an import that is cut short leaves no account without them and can
// be repeated. Nothing that we write has so many of one account.
const maxLinesPerBatch = 24_000

/** What has come of an import. */
export interface Imported {
  readonly accounts: number
  readonly sessions: number
  /** Lines that are at fault. */
  readonly bad: number
  /** Lines with what is there already. */
  readonly known: number
  /** Whether it was kept. */
  readonly isKept: boolean
}

interface Options {
  /** Keeps all or nothing. */
  readonly isAtomic: boolean
  /** Told of each line that is not kept, in order; of line 0 where the file as a whole is at fault. */
  readonly onBad: (number: number, fault: string) => void
  readonly onProgress: (lines: number) => void
  readonly nowSeconds: number
}

type Db = Database['db']

/** Adds what the lines of a file say to the stores. What is there stays as it is. */
export const importLines = async (
  database: Database,
  lines: AsyncIterable<InputLine>,
  options: Options,
): Promise<Imported> => {
  const tally = { accounts: 0, sessions: 0, bad: 0, known: 0 }
  const writeBatch = async (db: Db, batch: readonly Entry[]): Promise<readonly Entry[]> => {
    const accounts = batch.filter((entry) => entry.kind === 'account')
    const added = await addAccounts(
      db,
      accounts.map(({ row }) => row),
    )
    // Of two lines with one id the first one counts.
    for (const { owner } of accounts) owner.isKept = added.delete(owner.id)
    const sessions = batch.filter((entry) => entry.kind === 'session').filter(({ owner }) => owner.isKept)
    const addedSessions = await addSessions(
      db,
      sessions.map(({ row }) => row),
    )
    return batch.map((entry) => outcomeOf(entry, addedSessions))
  }
  const settle = (outcome: readonly Entry[]): void => {
    for (const entry of outcome) {
      if (entry.kind === 'account') tally.accounts += 1
      else if (entry.kind === 'session') tally.sessions += 1
      else {
        tally[entry.kind] += 1
        options.onBad(entry.number, entry.fault)
      }
    }
    options.onProgress(outcome.at(-1)?.number ?? 0)
  }

  if (!options.isAtomic) {
    await eachBatch(lines, options.nowSeconds, async (batch) =>
      settle(await database.write((db) => writeBatch(db, batch))),
    )
    return { ...tally, isKept: true }
  }
  const isKept = await allOrNothing(database, async (db) => {
    await eachBatch(lines, options.nowSeconds, async (batch) => settle(await writeBatch(db, batch)))
    return tally.bad + tally.known === 0
  })
  return { ...tally, isKept }
}

const outcomeOf = (entry: Entry, addedSessions: Set<string>): Entry => {
  if (!('owner' in entry)) return entry
  const { number, kind, owner } = entry
  if (!owner.isKept)
    return {
      number,
      kind: 'known',
      fault: kind === 'account' ? 'is of an account that is already there' : 'is of an account that was already there',
    }
  if (kind === 'session' && !addedSessions.delete(entry.row.id))
    return { number, kind: 'known', fault: 'has the id of a session that is already there' }
  return entry
}

/** Cuts what the lines bring into batches. */
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

class Undo extends Error {}

/** Runs the work in one transaction, which is undone when the work says so. */
const allOrNothing = async (database: Database, work: (db: Db) => Promise<boolean>): Promise<boolean> => {
  let isBegun = false
  try {
    await database.write(async (db) => {
      // The lines are read by now.
      if (isBegun) throw new Error('Others have disturbed the import: nothing was kept; begin it again')
      isBegun = true
      if (!(await work(db))) throw new Undo()
    })
    return true
  } catch (error) {
    if (error instanceof Undo) return false
    throw error
  }
}
