// A private PostgreSQL server, and databases on it.
import { type Environment, productionSettings } from '../../support/process.ts'
import { atEnd } from '../../support/at-end.ts'
import { isLinux } from '../../support/linux-process.ts'
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { startPostgres } from '../../support/postgres.mjs'

export const poolSize = 10

/** The settings of a service on a database. */
export interface Settings extends Environment {
  readonly DATABASE_URL: string
}

/** @param settings of PostgreSQL, as on its command line */
export type Cluster = Awaited<ReturnType<typeof openCluster>>

export const openCluster = async (...settings: readonly string[]) => {
  const server = await startPostgres(...settings)
  const stop = atEnd(() => {
    // One that stands still cannot end.
    if (isLinux) signal('SIGCONT', server.pid())
    server.stop()
  })
  let count = 0
  return {
    ...server,
    stop,
    pause: () => signal('SIGSTOP', server.pid()),
    resume: () => signal('SIGCONT', server.pid()),
    /** The settings of a service on a database of its own. */
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

/** @returns the rows */
export const ask = async (url: string, text: string): Promise<any[]> => {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}

/** How many connections the service has, by what they are at. */
export const connectionsOf = async ({ DATABASE_URL: url }: Settings): Promise<Readonly<Record<string, number>>> => {
  const rows = await ask(
    url,
    `select state, cast(count(*) as int) as count from pg_stat_activity
      where datname = current_database() and application_name = 'sesame' group by state`,
  )
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** To a process and all its descendants, as Linux knows them. */
const signal = (name: NodeJS.Signals, pid: number): void => {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
    } catch {
      // It has ended meanwhile.
    }
  }
  const all = [pid]
  for (const each of all) all.push(...(children.get(each) ?? []))
  for (const each of all) {
    try {
      process.kill(each, name)
    } catch (error) {
      // It, too, may have ended.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
