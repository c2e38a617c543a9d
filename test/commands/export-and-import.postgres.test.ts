import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { accountId } from '../../src/accounts/usernames.ts'
import { contractClient, logIn, refresh } from '../support/contract-client.ts'
import { emptyFolder } from '../support/process.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { migratedDatabase, ndjson, sesameHere, type TestDatabase } from '../support/sesame.ts'
import { startService } from '../support/service.ts'

const serve = async ({ stores }: TestDatabase) => contractClient((await startService({ stores })).url)

const exportOf = async ({ url }: TestDatabase): Promise<string> => (await sesameHere(url, ['export'])).stdout

test('an export that moves from SQLite to PostgreSQL and back is the same each time, and refresh tokens still work', async () => {
  const first = await migratedDatabase('sqlite')
  const client = await serve(first)
  const tokens: string[] = []
  // A collation by language would order these names differently than their bytes do.
  for (const name of ['a', 'B', 'ä', '리캣', 'z', '\u{1f431}', 'O’Neil']) {
    await addQuickAccount(first, name)
    const token = String((await logIn(client, name, quickPassword)).json.refresh_token)
    tokens.push(String((await refresh(client, token)).json.refresh_token))
  }

  const exported = [await exportOf(first)]
  for (const kind of ['postgres', 'sqlite'] as const) {
    const next = await migratedDatabase(kind)
    expect(await sesameHere(next.url, ['import', '--atomic'], exported.at(-1))).toMatchObject({ status: 0, stderr: '' })
    exported.push(await exportOf(next))
    const there = await serve(next)
    // Only the last database goes on to refresh tokens. The first ones stay as they were exported.
    for (const [i, token] of tokens.entries()) {
      const { status, json } = await refresh(there, token)
      expect(status).toBe(200)
      if (kind === 'sqlite') tokens[i] = String(json.refresh_token)
    }
  }
  expect(exported[1]).toBe(exported[0])
  expect(exported[2]).toBe(exported[0])
})

const hash = '$2b$04$iYD6oW2kz9YJh.5WV.9o9uxNNayYBNPTgv7.vhdFd1NMq3Pony2ZW'
const accountsOf = (...names: readonly string[]): string =>
  ndjson(...names.map((username) => ({ username, password_hash: hash })))

describe('on a PostgreSQL that others use', () => {
  let url: string
  let other: pg.Client
  beforeEach(async () => {
    ;({ url } = await migratedDatabase())
    other = new pg.Client(url)
    await other.connect()
  })
  afterEach(() => other.end())

  test('an export that loses its connection fails and leaves no file behind', async () => {
    await sesameHere(url, ['import'], accountsOf(...Array.from({ length: 5_000 }, (_, i) => `name-${i}`)))
    const file = join(emptyFolder(), 'export.ndjson')
    let said = ''
    let lost: Promise<unknown> | undefined
    const terminal = {
      isTTY: true,
      write: (text: string) => {
        said += text
        lost ??= other.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
      },
    }
    const { status } = await sesameHere(url, ['export', file], '', { terminal })
    await lost
    expect(said).toMatch(/error: The export was not finished: .+\n$/)
    expect([status, existsSync(file)]).toEqual([1, false])
  })

  test('an atomic import fails and keeps nothing when another transaction wins a deadlock', async () => {
    const add = (name: string): Promise<unknown> =>
      other.query('insert into accounts values ($1, $2, $3, 0, 1)', [accountId(name), name, hash])
    // Each transaction waits for the other. PostgreSQL cancels the one that looks for a deadlock first: the import.
    await other.query(`set deadlock_timeout = '1min'`)
    await other.query('begin')
    await add('second')
    const imported = sesameHere(url, ['import', '--atomic'], accountsOf('first', 'second'))
    const isWaiting = async (): Promise<boolean> => {
      // Without this, a transaction keeps seeing its first snapshot of the activity.
      await other.query('select pg_stat_clear_snapshot()')
      const { rowCount } = await other.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rowCount === 1
    }
    while (!(await isWaiting())) await delay(20)
    await add('first')
    await other.query('commit')
    const { status, stderr } = await imported
    expect(stderr).toMatch(
      /^error: .+: another transaction conflicted with it; nothing was imported, so run it again\.\n$/,
    )
    expect(status).toBe(1)
    const { rows } = await other.query<{ username: string }>('select username from accounts order by username')
    expect(rows.map(({ username }) => username)).toEqual(['first', 'second'])
  })
})
