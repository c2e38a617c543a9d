import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import pg from 'pg'
import { Failure } from '../../failure.ts'
import type { Database } from './database.ts'
import { endsConnection, isConflict, isOutage, withoutData } from './postgres-errors.ts'
import type { Schema } from './schema.ts'
import { inSnapshot } from './snapshot.ts'

// pg returns 64-bit integers as strings. Ours fit in a number.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

// A request must fail within 3 seconds when the database does not respond. This bounds the whole operation, including
// the wait for a connection and all retries.
const operationMilliseconds = 2_400
const connectMilliseconds = 2_000
// The server cancels a slow statement before the operation times out, because a timeout costs the connection.
const statementMilliseconds = 2_000
// After this time the server releases the locks of a process that vanished during a transaction.
const idleInTransactionMilliseconds = 5_000
const maxAttempts = 5
const retryAfterSeconds = 2
// The maximum number of prepared statements of a connection. Any further statement is parsed each time.
const maxStatements = 200

/** Opens a PostgreSQL database. The pool connects when it needs a connection.
 * @param url `postgres://user:password@host:port/database`, with `?sslmode=verify-full` for TLS
 * @param options `poolSize`: the maximum number of connections; `isLongRunning`: statements have no time limit */
export const openPostgres = (
  url: string,
  { poolSize, isLongRunning = false }: { readonly poolSize: number; readonly isLongRunning?: boolean },
  // The start of the statement, not of the transaction, which may have waited since.
  now = () => sql<number>`cast(floor(extract(epoch from statement_timestamp())) as bigint)`,
): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    fallback_application_name: 'sesame',
    max: poolSize,
    connectionTimeoutMillis: connectMilliseconds,
    ...(isLongRunning
      ? {}
      : {
          statement_timeout: statementMilliseconds,
          idle_in_transaction_session_timeout: idleInTransactionMilliseconds,
        }),
    keepAlive: true,
  })
  // A lost connection emits 'error'. Without a listener, that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', () => undefined)

  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect()
    } catch (error) {
      throw new Failure('not-ready', { retryAfterSeconds, cause: withoutData(error) })
    }
  }

  const attempt = async <T>({ db, deadline }: Connection, work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await work(db)
      } catch (error) {
        if (!isConflict(error) || attempts === maxAttempts || performance.now() > deadline) throw failureOf(error)
        await delay(Math.random() * 10 * 2 ** attempts)
      }
    }
  }

  /** Runs work on a connection that nothing else uses meanwhile. */
  const onConnection = async <T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    const deadline = isLongRunning ? Infinity : performance.now() + operationMilliseconds
    const client = await connect()
    const connection = connectionOf(client, deadline)
    try {
      return await attempt(connection, work)
    } finally {
      client.release(connection.failure)
    }
  }

  const db = kyselyOn({
    connect: async () => {
      const client = await connect()
      const connection = connectionOf(client, Infinity)
      return {
        query: connection.query,
        release: () => client.release(connection.failure),
      } as unknown as PostgresPoolClient
    },
    end: () => pool.end(),
  })
  return {
    db,
    now,
    locksRows: true,
    read: onConnection,
    write: (work) => onConnection((connected) => connected.transaction().execute(work)),
    snapshot: (work) => inSnapshot(db, sql`begin isolation level repeatable read read only`, work),
    close: async () => {
      if (!pool.ending) await pool.end()
    },
  }
}

/** A pooled connection. Its state lasts from one use to the next. */
interface Connection {
  /** When the current use must end, by `performance.now()`. */
  deadline: number
  /** Why the connection must not be used again. */
  failure: Error | undefined
  readonly query: (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>
  /** Runs its queries on this connection. */
  readonly db: Kysely<Schema>
}

const connections = new WeakMap<pg.PoolClient, Connection>()

const connectionOf = (client: pg.PoolClient, deadline: number): Connection => {
  const connection = connections.get(client) ?? createConnection(client)
  connections.set(client, connection)
  connection.deadline = deadline
  return connection
}

/** Wraps a client of the pool. The server parses a statement once for each connection. After a timeout the connection
 * is closed, because its statement may still be running. It sends nothing more: closing it rolls back, too. */
const createConnection = (client: pg.PoolClient): Connection => {
  const query = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    if (connection.failure) throw connection.failure
    const left = connection.deadline - performance.now()
    try {
      const timed = { query_timeout: left === Infinity ? 0 : Math.max(1, left) }
      return await client.query({ text, values: [...values], ...nameOf(text), ...timed })
    } catch (error) {
      if (endsConnection(error)) connection.failure = error as Error
      throw error
    }
  }
  const poolClient = { query, release: () => undefined } as unknown as PostgresPoolClient
  const db = kyselyOn({ connect: async () => poolClient, end: async () => undefined })
  const connection: Connection = { deadline: 0, failure: undefined, query, db }
  return connection
}

const kyselyOn = (pool: PostgresPool): Kysely<Schema> => new Kysely({ dialect: new PostgresDialect({ pool }) })

const statementNames = new Map<string, string>()
const nameOf = (text: string): { readonly name?: string } => {
  const known = statementNames.get(text)
  if (known !== undefined) return { name: known }
  if (statementNames.size === maxStatements) return {}
  // The name is a hash of the text. A connection pooler can therefore never confuse two statements.
  const name = createHash('sha256').update(text).digest('base64url')
  statementNames.set(text, name)
  return { name }
}

const failureOf = (error: unknown): unknown => {
  const plain = withoutData(error)
  return isOutage(error) ? new Failure('not-ready', { retryAfterSeconds, cause: plain }) : plain
}
