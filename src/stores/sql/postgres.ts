import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import pg from 'pg'
import { Failure } from '../../failure.ts'
import type { Database } from './database.ts'
import { endsConnection, isConflict, isOutage, withoutData } from './postgres-errors.ts'
import type { Schema } from './schema.ts'
import { inSnapshot } from './snapshot.ts'

// 64-bit integers would come as texts; ours are well within what a number holds.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

// A caller is to know within 3 seconds that the database does not answer: all of a verb, with the wait for a connection
// and whatever is done over, has less than that.
const patienceMilliseconds = 2_400
const connectMilliseconds = 2_000
// Before patience ends, so that a statement that is only slow does not cost a connection.
const statementMilliseconds = 2_000
// What a process that vanished in the midst of its work has locked is free again after this.
const idleInTransactionMilliseconds = 5_000
const maxAttempts = 5
const retryAfterSeconds = 2
// Of each connection; what varies without end is parsed each time.
const maxStatements = 200

/** Opens a PostgreSQL database, or one that speaks like it. Connections are made when they are needed.
 * @param url `postgres://user:password@host:port/database`, with `?sslmode=verify-full` for TLS
 * @param options `poolSize`: how many connections there are at most; `isPatient`: statements take all the time that they
 * need */
export const openPostgres = (
  url: string,
  { poolSize, isPatient = false }: { readonly poolSize: number; readonly isPatient?: boolean },
  // Not the time at which the transaction began: it may have waited since.
  now = () => sql<number>`cast(floor(extract(epoch from statement_timestamp())) as bigint)`,
): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    fallback_application_name: 'sesame',
    max: poolSize,
    connectionTimeoutMillis: connectMilliseconds,
    ...(isPatient
      ? {}
      : {
          statement_timeout: statementMilliseconds,
          idle_in_transaction_session_timeout: idleInTransactionMilliseconds,
        }),
    keepAlive: true,
  })
  // A connection that is lost says so, whether somebody uses it or not; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', () => undefined)

  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect()
    } catch (error) {
      throw new Failure('not-ready', { retryAfterSeconds, cause: withoutData(error) })
    }
  }

  const attempt = async <T>({ db, deadline }: Loan, work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await work(db)
      } catch (error) {
        if (!isConflict(error) || attempts === maxAttempts || performance.now() > deadline) throw failureOf(error)
        await delay(Math.random() * 10 * 2 ** attempts)
      }
    }
  }

  /** Does work on a connection that is nobody else's meanwhile. */
  const onConnection = async <T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    const deadline = isPatient ? Infinity : performance.now() + patienceMilliseconds
    const client = await connect()
    const loan = lend(client, deadline)
    try {
      return await attempt(loan, work)
    } finally {
      client.release(loan.failure)
    }
  }

  const db = kyselyOn({
    connect: async () => {
      const client = await connect()
      const loan = lend(client, Infinity)
      return { query: loan.query, release: () => client.release(loan.failure) } as unknown as PostgresPoolClient
    },
    end: () => pool.end(),
  })
  return {
    db,
    now,
    locksRows: true,
    read: onConnection,
    write: (work) => onConnection((connection) => connection.transaction().execute(work)),
    snapshot: (work) => inSnapshot(db, sql`begin isolation level repeatable read read only`, work),
    close: async () => {
      if (!pool.ending) await pool.end()
    },
  }
}

/** A connection while it is lent. */
interface Loan {
  deadline: number
  /** Why the connection cannot be used any more. */
  failure: Error | undefined
  readonly query: (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>
  /** Works on this connection alone. */
  readonly db: Kysely<Schema>
}

const loans = new WeakMap<pg.PoolClient, Loan>()

const lend = (client: pg.PoolClient, deadline: number): Loan => {
  const loan = loans.get(client) ?? createLoan(client)
  loans.set(client, loan)
  loan.deadline = deadline
  return loan
}

/** Statements are parsed once for each connection. One that did not answer in time is not used again: it could still
 * be at work. Nothing follows on it, not even a rollback, which its end is as well. */
const createLoan = (client: pg.PoolClient): Loan => {
  const query = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    if (loan.failure) throw loan.failure
    const left = loan.deadline - performance.now()
    try {
      const timed = { query_timeout: left === Infinity ? 0 : Math.max(1, left) }
      return await client.query({ text, values: [...values], ...nameOf(text), ...timed })
    } catch (error) {
      if (endsConnection(error)) loan.failure = error as Error
      throw error
    }
  }
  const connection = { query, release: () => undefined } as unknown as PostgresPoolClient
  const db = kyselyOn({ connect: async () => connection, end: async () => undefined })
  const loan: Loan = { deadline: 0, failure: undefined, query, db }
  return loan
}

const kyselyOn = (pool: PostgresPool): Kysely<Schema> => new Kysely({ dialect: new PostgresDialect({ pool }) })

const statementNames = new Map<string, string>()
const nameOf = (text: string): { readonly name?: string } => {
  const known = statementNames.get(text)
  if (known !== undefined) return { name: known }
  if (statementNames.size === maxStatements) return {}
  // Of the text, so that by no mistake of a pooler one name stands for two statements.
  const name = createHash('sha256').update(text).digest('base64url')
  statementNames.set(text, name)
  return { name }
}

const failureOf = (error: unknown): unknown => {
  const plain = withoutData(error)
  return isOutage(error) ? new Failure('not-ready', { retryAfterSeconds, cause: plain }) : plain
}
