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
  /** The maximum number of connections of one process. */
  readonly databasePoolSize: number
  /** The number of processes on this machine. */
  readonly workers: number
}

/** Examines a PostgreSQL database and changes nothing.
 * @throws Failure 'not-ready': the database is unreachable */
export const examinePostgres = async (
  database: Database,
  { databasePoolSize: poolSize, workers }: Processes,
): Promise<readonly Finding[]> => {
  // The first query opens the connection. Only the second one is timed.
  await queryServer(database)
  const start = Date.now()
  const server = await queryServer(database)
  const end = Date.now()
  return [
    ok('server', `PostgreSQL ${server.version}, responds in ${end - start} ms`),
    server.is_read_only
      ? fail('role', 'read-only: it is a standby, or default_transaction_read_only is on')
      : ok('role', 'writable'),
    server.encoding === 'UTF8'
      ? ok('encoding', 'UTF8')
      : fail('encoding', `${server.encoding} cannot store all characters: use UTF8`),
    examineClock(server.milliseconds - (start + end) / 2),
    examineConnections(server, poolSize, workers),
    findingOfSchema(await readSchemaState(database)),
  ]
}

const queryServer = ({ read }: Database): Promise<Server> =>
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
    if (!server) throw new Error('the server returned no row')
    return server
  })

/** The database's clock decides when sessions expire. The clock of this machine decides when access tokens expire. */
const examineClock = (milliseconds: number): Finding => {
  const seconds = milliseconds / 1000
  const text = `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'behind' : 'ahead of'} this machine`
  return Math.abs(seconds) > maxClockDifferenceSeconds
    ? warn('clock', `${text}: synchronise both by NTP`)
    : ok('clock', text)
}

const examineConnections = ({ connections, limit }: Server, poolSize: number, workers: number): Finding => {
  const processes = Math.floor(limit / poolSize)
  const text = `${connections} of ${limit} in use; enough for ${processes} processes with ${poolSize} each (DATABASE_POOL_SIZE)`
  return processes < workers ? warn('connections', text) : ok('connections', text)
}
