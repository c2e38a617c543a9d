import { sql } from 'kysely'
import type { Database } from './database.ts'
import { fail, type Finding, findingOfSchema, ok, warn } from './examination.ts'
import { readSchemaState } from './migrate.ts'

const maxClockDifferenceSeconds = 2

interface Server {
  readonly version: string
  readonly milliseconds: number
  readonly encoding: string
  readonly is_read_only: boolean
  readonly connections: number
  readonly limit: number
}

interface Processes {
  /** How many connections one of them takes. */
  readonly databasePoolSize: number
  /** How many there are on this machine. */
  readonly workers: number
}

/** Examines a database of PostgreSQL, without a change to it.
 * @throws Failure 'not-ready': it cannot be reached */
export const examinePostgres = async (
  database: Database,
  { databasePoolSize: poolSize, workers }: Processes,
): Promise<readonly Finding[]> => {
  // The first one makes the connection, and is not timed.
  await ask(database)
  const start = Date.now()
  const server = await ask(database)
  const end = Date.now()
  return [
    ok('server', `PostgreSQL ${server.version}, answers in ${end - start} ms`),
    server.is_read_only
      ? fail('role', 'cannot be written: a standby, or default_transaction_read_only')
      : ok('role', 'can be written'),
    server.encoding === 'UTF8'
      ? ok('encoding', 'UTF8')
      : fail('encoding', `${server.encoding}, which lacks characters`),
    examineClock(server.milliseconds - (start + end) / 2),
    examineConnections(server, poolSize, workers),
    findingOfSchema(await readSchemaState(database)),
  ]
}

const ask = ({ read }: Database): Promise<Server> =>
  read(async (db) => {
    const { rows } = await sql<Server>`
      select
        current_setting('server_version') as version,
        cast(extract(epoch from clock_timestamp()) * 1000 as double precision) as milliseconds,
        current_setting('server_encoding') as encoding,
        current_setting('transaction_read_only') = 'on' as is_read_only,
        cast((select count(*) from pg_stat_activity where backend_type = 'client backend') as integer) as connections,
        cast(current_setting('max_connections') as integer)
          - cast(current_setting('superuser_reserved_connections') as integer) as limit`.execute(db)
    const [server] = rows
    if (!server) throw new Error('The server says nothing')
    return server
  })

/** Sessions last by the clock of the database, access tokens by those of the machines. */
const examineClock = (milliseconds: number): Finding => {
  const seconds = milliseconds / 1000
  const text = `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'behind' : 'ahead of'} this machine`
  return Math.abs(seconds) > maxClockDifferenceSeconds ? warn('clock', `${text}: set both by NTP`) : ok('clock', text)
}

const examineConnections = ({ connections, limit }: Server, poolSize: number, workers: number): Finding => {
  const processes = Math.floor(limit / poolSize)
  const text = `${connections} of ${limit} taken; ${poolSize} for each process (DATABASE_POOL_SIZE): enough for ${processes}`
  return processes < workers ? warn('connections', text) : ok('connections', text)
}
