// Starts a private PostgreSQL server, and creates databases on it.
import { type Environment, productionSettings } from '../../support/process.ts'
import { atEnd } from '../../support/at-end.ts'
import { isLinux } from '../../support/platforms.ts'
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { startPostgres } from '../../support/postgres.mjs'

export const poolSize = 10

/** The settings of a service on a database. */
export interface Settings extends Environment {
  readonly DATABASE_URL: string
}

export type Cluster = Awaited<ReturnType<typeof openCluster>>

/** @param settings of PostgreSQL, as on its command line */
export const openCluster = async (...settings: readonly string[]) => {
  const server = await startPostgres(...settings)
  const stop = atEnd(() => {
    // A stopped process cannot end.
    if (isLinux) signal('SIGCONT', server.pid())
    server.stop()
  })
  let count = 0
  return {
    ...server,
    stop,
    pause: () => signal('SIGSTOP', server.pid()),
    resume: () => signal('SIGCONT', server.pid()),
    /** Creates a database, and returns the settings of a service on it. */
    newSettings: async (): Promise<Settings> => {
      const name = `proof_${(count += 1)}`
      await ask(server.url, `create database ${name}`)
      const url = new URL(server.url)
      url.pathname = `/${name}`
      return {
        ...productionSettings(),
        DATABASE_URL: url.href,
        DATABASE_POOL_SIZE: String(poolSize),
        MIGRATE_ON_START: 'true',
        ISSUER: 'https://auth.example.com',
      }
    },
  }
}

/** Runs a query on a new connection.
 * @returns the rows */
export const ask = async (url: string, text: string): Promise<any[]> => {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}

/** Counts the connections of the service by their state. */
export const connectionsOf = async ({ DATABASE_URL: url }: Settings): Promise<Readonly<Record<string, number>>> => {
  const rows = await ask(
    url,
    `select state, cast(count(*) as int) as count from pg_stat_activity
      where datname = current_database() and application_name = 'sesame' group by state`,
  )
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** Sends a signal to a process and to all its descendants. It finds them in /proc. */
const signal = (name: NodeJS.Signals, pid: number): void => {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
    } catch {
      // The process has ended meanwhile.
    }
  }
  const all = [pid]
  for (const each of all) all.push(...(children.get(each) ?? []))
  for (const each of all) {
    try {
      process.kill(each, name)
    } catch (error) {
      // The process may have ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
