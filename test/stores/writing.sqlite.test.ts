import { statSync } from 'node:fs'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import Libsql from 'libsql'
import { contractClient, logIn, readProtected, signUp } from '../support/contract-client.ts'
import { startService } from '../support/service.ts'
import { accountOf, holdLock, openFile } from '../support/sqlite.ts'

/** Counts the turns of the event loop. */
const countTurns = (): { readonly seen: () => number; readonly stop: () => number } => {
  let turns = 0
  let isOver = false
  const count = async (): Promise<void> => {
    while (!isOver) {
      await nextTurn()
      turns += 1
    }
  }
  void count()
  return {
    seen: () => turns,
    stop: () => {
      isOver = true
      return turns
    },
  }
}

test('a sign-up waits for the lock that another process holds, and everything else goes on', async () => {
  const { file, stores } = await openFile()
  const service = await startService({ stores })
  const client = contractClient(service.url)
  await signUp(client, 'licat', '1234')
  const { json } = await logIn(client, 'licat', '1234')
  const release = await holdLock(file)
  const turns = countTurns()
  const signingUp = Promise.all(['a', 'b', 'c'].map((name) => signUp(client, name, '1234')))
  const reads = []
  const start = performance.now()
  const hasWaited = (): boolean => performance.now() - start > (turns.seen() > 100 ? 300 : 1_000)
  while (!hasWaited()) reads.push((await readProtected(client, json.access_token)).status)
  await release()
  expect((await signingUp).map(({ status }) => status)).toEqual([200, 200, 200])
  expect(new Set(reads)).toEqual(new Set([200]))
  // SQLite's own waiting would leave a few dozen.
  expect(turns.stop()).toBeGreaterThan(100)
})

test('it is 503 with Retry-After when that takes too long, and served as soon as it is over', async () => {
  const { file, stores } = await openFile()
  const service = await startService({ stores })
  const client = contractClient(service.url)
  const release = await holdLock(file)
  const start = performance.now()
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => signUp(client, name, '1234')))
  expect(answers.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
    Array.from({ length: 3 }, () => [503, '2']),
  )
  expect(performance.now() - start).toBeLessThan(3_500)
  await release()
  expect((await signUp(client, 'a', '1234')).status).toBe(200)
})

test('writes that come all at once are done one to a turn of the event loop', async () => {
  const { stores } = await openFile()
  const turns = countTurns()
  const names = Array.from({ length: 100 }, (_, i) => `name-${i}`)
  const outcomes = await Promise.all(names.map((name) => stores.accounts.create(accountOf(name))))
  expect(outcomes).toEqual(names.map(() => 'created'))
  expect(turns.stop()).toBeGreaterThanOrEqual(99)
})

test('the lock is let go between long writes, so that others get it', async () => {
  const { file, database, close } = await openFile()
  const other = await openFile(file)
  const over = new AbortController()
  const longWrites = (async () => {
    while (!over.signal.aborted) await database.write(async () => delay(100))
  })()
  for (const name of ['a', 'b', 'c']) expect(await other.stores.accounts.create(accountOf(name))).toBe('created')
  over.abort()
  await longWrites
  await close()
})

test('a database that has no room is out of reach for writers alone, and goes on when it has some', async () => {
  const { database, stores } = await openFile()
  await stores.accounts.create(accountOf('licat'))
  await sql`pragma max_page_count = 1`.execute(database.db)
  const fill = async (): Promise<void> => {
    for (let i = 0; i < 100; i += 1) await stores.accounts.create(accountOf(`name-${i}`))
  }
  await expect(fill()).rejects.toMatchObject({ code: 'not-ready', info: { retryAfterSeconds: 2 } })
  expect(await stores.accounts.find(accountOf('licat').id)).toMatchObject({ username: 'licat' })
  await sql`pragma max_page_count = 100000`.execute(database.db)
  expect(await stores.accounts.create(accountOf('gary'))).toBe('created')
})

test('what SQLite has undone itself is not undone once more, and what has failed is done again from its beginning', async () => {
  const { database, stores } = await openFile()
  const account = accountOf('licat')
  let attempts = 0
  await database.write(async (db) => {
    attempts += 1
    await db
      .insertInto('accounts')
      .values({ id: account.id, username: 'licat', password_hash: 'a hash', credential_version: 0, created_at: 1 })
      .execute()
    if (attempts > 1) return
    await sql`rollback`.execute(db)
    throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' })
  })
  expect(attempts).toBe(2)
  expect(await stores.accounts.find(account.id)).toMatchObject({ username: 'licat' })
})

test('a read that finds the database locked is done again', async () => {
  const { database } = await openFile()
  let attempts = 0
  const result = await database.read(async () => {
    attempts += 1
    if (attempts === 1) throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' })
    return 'read'
  })
  expect([result, attempts]).toEqual(['read', 2])
})

test('what fails for another reason is not done again', async () => {
  const { database } = await openFile()
  for (const method of [database.read, database.write]) {
    let attempts = 0
    const work = method(async () => {
      attempts += 1
      throw new Error('a defect')
    })
    await expect(work).rejects.toThrow('a defect')
    expect(attempts).toBe(1)
  }
})

test('a lock that was asked for in vain leaves nothing behind', async () => {
  const { file, database } = await openFile()
  const connection = new Libsql(file)
  connection.exec('begin immediate')
  connection.exec("insert into accounts values ('id', 'licat', 'a hash', 0, 1)")
  const writing = database.write((db) => db.selectFrom('accounts').select('id').execute())
  await delay(50)
  connection.exec('commit')
  expect(await writing).toEqual([{ id: 'id' }])
  expect(connection.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }])
  connection.close()
})

test('the log is copied into the file while it serves, and is empty after it', async () => {
  const { file, database, stores, close } = await openFile()
  const before = statSync(file).size
  for (let i = 0; i < 250; i += 1) await stores.accounts.create(accountOf(`name-${i}`))
  while (statSync(file).size === before) await nextTurn()
  expect(await database.read((db) => db.selectFrom('accounts').select('id').execute())).toHaveLength(250)
  await close()
  expect(statSync(`${file}-wal`).size).toBe(0)
})
