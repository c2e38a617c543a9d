import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { accountId } from '../../src/accounts/usernames.ts'
import { emptyFolder } from '../support/process.ts'
import { migratedDatabase, ndjson, sesameHere } from '../support/sesame.ts'

const hash = '$2b$04$iYD6oW2kz9YJh.5WV.9o9uxNNayYBNPTgv7.vhdFd1NMq3Pony2ZW'
const accountsOf = (...names: readonly string[]): string =>
  ndjson(...names.map((username) => ({ username, password_hash: hash })))

let url: string
let other: pg.Client
beforeEach(async () => {
  ;({ url } = await migratedDatabase())
  other = new pg.Client(url)
  await other.connect()
})
afterEach(() => other.end())

test('an export whose connection is lost says so, and leaves no part of a file', async () => {
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

test('an import of all or nothing that another one disturbs keeps nothing, and says so', async () => {
  const add = (name: string): Promise<unknown> =>
    other.query('insert into accounts values ($1, $2, $3, 0, 1)', [accountId(name), name, hash])
  // Each waits for the other. The one that is the first to look why is told to give way.
  await other.query(`set deadlock_timeout = '1min'`)
  await other.query('begin')
  await add('second')
  const imported = sesameHere(url, ['import', '--atomic'], accountsOf('first', 'second'))
  const isWaiting = async (): Promise<boolean> => {
    // What was seen once is else seen until the end of the transaction.
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
  expect(stderr).toMatch(/^error: .+: Others have disturbed the import: nothing was kept; begin it again\.\n$/)
  expect(status).toBe(1)
  const { rows } = await other.query<{ username: string }>('select username from accounts order by username')
  expect(rows.map(({ username }) => username)).toEqual(['first', 'second'])
})
