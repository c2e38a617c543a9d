import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { claimFile } from '../../src/stores/sql/sqlite-file.ts'
import { atEnd } from '../support/at-end.ts'
import { onUnix } from '../support/on-platforms.ts'
import { emptyFolder } from '../support/process.ts'
import { accountOf, newFile, openFile, overwrite } from '../support/sqlite.ts'
import { sesameHere } from '../support/sesame.ts'

const doctor = async (file: string): Promise<readonly [number | null, string]> => {
  const { status, stdout } = await sesameHere(`sqlite:${file}`, ['doctor'])
  return [status, stdout.trimEnd()]
}

/** A database that nobody has open. */
const closedFile = async (names: readonly string[] = ['licat']): Promise<string> => {
  const { file, stores, close } = await openFile()
  for (const name of names) await stores.accounts.create(accountOf(name))
  await close()
  return file
}

test('a sound database: a line for each check, and 0', async () => {
  const [status, said] = await doctor(await closedFile())
  expect(said.split('\n').map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual([
    'ok file',
    'ok server',
    'ok log',
    'ok disk',
    'ok journal',
    'ok integrity',
    'ok references',
    'ok schema',
  ])
  expect(said).toMatch(/^ok +journal +WAL$/m)
  expect(said).toMatch(/^ok +schema +current \(2026-11-accounts-and-sessions\)$/m)
  expect(status).toBe(0)
})

test('it works beside a server, and says that there is one', async () => {
  const { file } = await openFile()
  const release = claimFile(file)
  if (release) atEnd(release)
  const [status, said] = await doctor(file)
  expect([status, said]).toEqual([0, expect.stringMatching(/^ok +server +running$/m)])
})

test('a folder fails', async () => {
  expect(await doctor(emptyFolder())).toEqual([1, expect.stringMatching(/^fail +file .*is a folder$/)])
})

test('a file that does not exist fails, and is not made', async () => {
  const file = newFile()
  expect(await doctor(file)).toEqual([1, expect.stringMatching(/^fail +file .*does not exist/)])
  expect(existsSync(file)).toBe(false)
})

test('a file that is no database fails', async () => {
  const file = newFile()
  writeFileSync(file, 'a letter to a friend\n'.repeat(500), { mode: 0o600 })
  expect(await doctor(file)).toEqual([1, expect.stringMatching(/^fail +content +cannot be read/m)])
})

test('an empty database fails for its schema', async () => {
  const file = newFile()
  writeFileSync(file, '', { mode: 0o600 })
  expect(await doctor(file)).toEqual([1, expect.stringMatching(/^fail +schema +lacks .*migrate up/m)])
})

onUnix('a file that others can read is a warning', async () => {
  const file = await closedFile()
  chmodSync(file, 0o644)
  expect(await doctor(file)).toEqual([0, expect.stringMatching(/^warn +file .*chmod 600 \(now 644\)$/m)])
})

test('pages that were overwritten fail', async () => {
  const file = await closedFile(Array.from({ length: 300 }, (_, i) => `name-${i}`))
  overwrite(file)
  expect(await doctor(file)).toEqual([
    1,
    expect.stringMatching(/^fail +(integrity +\*{3} in database main|content +cannot be read)/m),
  ])
})

test('sessions whose account is missing fail, and the first five are named', async () => {
  const { file, database } = await openFile()
  await sql`pragma foreign_keys = off`.execute(database.db)
  for (let i = 0; i < 6; i += 1)
    await sql`insert into sessions values (${`id-${i}`}, 'nobody', 0, 'public', '', 1, 1, 1, 0, '')`.execute(
      database.db,
    )
  const named = [1, 2, 3, 4, 5].map((row) => `sessions ${row} accounts 0`).join('; ')
  expect(await doctor(file)).toEqual([
    1,
    expect.stringMatching(new RegExp(`^fail +references +broken: ${named}$`, 'm')),
  ])
})

test('of memory there is nothing to say, and words are refused', async () => {
  expect(await sesameHere('memory:', ['doctor'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^ok +memory /),
  })
  expect(await sesameHere('', ['doctor', '--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Usage: /),
  })
  expect(await sesameHere('', ['doctor', 'all'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error: doctor takes no arguments/),
  })
  expect(await sesameHere('mysql:', ['doctor'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error: DATABASE_URL is not valid/),
  })
})
