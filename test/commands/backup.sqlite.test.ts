import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { contractClient, logIn, refresh } from '../support/contract-client.ts'
import { onUnix } from '../support/on-platforms.ts'
import { emptyFolder } from '../support/process.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { sesameHere } from '../support/sesame.ts'
import { startService } from '../support/service.ts'
import { accountOf, newFile, openFile, overwrite } from '../support/sqlite.ts'

const backup = async (url: string, ...words: string[]): Promise<readonly [number | null, string]> => {
  const { status, stdout, stderr } = await sesameHere(url, ['backup', ...words])
  return [status, stdout + stderr]
}
const newCopy = (): string => join(emptyFolder(), "a copy of gary's.db")

test('a copy that was made while the service works is served in its place, with the same refresh tokens', async () => {
  const { file, stores } = await openFile()
  const service = await startService({ stores })
  const client = contractClient(service.url)
  await addQuickAccount(service, 'licat')
  const first = (await logIn(client, 'licat', quickPassword)).json.refresh_token
  const second = (await refresh(client, first)).json.refresh_token
  const copy = newCopy()
  expect(await backup(`sqlite:${file}`, copy)).toEqual([
    0,
    expect.stringMatching(/ holds the database, \d+\.\d KiB\.\n$/),
  ])
  await addQuickAccount(service, 'gary')
  await service.stop()

  const restored = await openFile(copy)
  const other = contractClient((await startService({ stores: restored.stores })).url)
  expect((await refresh(other, second)).status).toBe(200)
  expect((await logIn(other, 'licat', quickPassword)).status).toBe(200)
  expect((await logIn(other, 'gary', quickPassword)).status).toBe(401)
})

test('a copy also brings what stands in the log into the file', async () => {
  const { file, stores } = await openFile()
  const before = statSync(file).size
  await stores.accounts.create({ ...accountOf('licat'), passwordHash: 'x'.repeat(100_000) })
  expect(statSync(file).size).toBe(before)
  await backup(`sqlite:${file}`, newCopy())
  expect(statSync(file).size).toBeGreaterThan(before + 100_000)
})

onUnix('nobody else can read the copy', async () => {
  const { file } = await openFile()
  const copy = newCopy()
  await backup(`sqlite:${file}`, copy)
  expect((statSync(copy).mode & 0o777).toString(8)).toBe('600')
})

test('what is there is not overwritten', async () => {
  const { file } = await openFile()
  const copy = newCopy()
  writeFileSync(copy, 'a letter')
  expect(await backup(`sqlite:${file}`, copy)).toEqual([1, expect.stringContaining('does not overwrite')])
  expect(readFileSync(copy, 'utf8')).toBe('a letter')
  const other = newCopy()
  writeFileSync(`${other}.partial`, '')
  expect(await backup(`sqlite:${file}`, other)).toEqual([1, expect.stringContaining('remove it')])
  expect([existsSync(other), existsSync(`${other}.partial`)]).toEqual([false, true])
})

test('there is no copy, and no part of one, of a database with pages that were overwritten', async () => {
  const { file, stores, close } = await openFile()
  for (let i = 0; i < 300; i += 1) await stores.accounts.create(accountOf(`name-${i}`))
  await close()
  overwrite(file)
  const copy = newCopy()
  expect(await backup(`sqlite:${file}`, copy)).toEqual([
    1,
    expect.stringMatching(/^error: The backup failed: the copy is corrupt: [^\n]+\n$/),
  ])
  expect([copy, `${copy}.partial`].map((path) => existsSync(path))).toEqual([false, false])
})

test('there is no copy, and no part of one, of what is missing or no database', async () => {
  const [missing, letter, copy] = [newFile(), newFile(), newCopy()]
  writeFileSync(letter, 'a letter to a friend\n'.repeat(500))
  expect(await backup(`sqlite:${missing}`, copy)).toEqual([2, expect.stringContaining('does not exist')])
  expect(await backup(`sqlite:${letter}`, copy)).toEqual([1, expect.stringContaining('not a database')])
  expect([missing, copy, `${copy}.partial`].map((path) => existsSync(path))).toEqual([false, false, false])
})

test('PostgreSQL has means of its own, memory has none', async () => {
  expect(await backup('postgres://localhost/x', 'copy')).toEqual([2, expect.stringContaining('pg_dump')])
  expect(await backup('memory:', 'copy')).toEqual([2, expect.stringContaining('names no database')])
})

test('the command line says where to, and nothing else', async () => {
  expect((await backup('memory:', '--help'))[0]).toBe(0)
  for (const words of [[], ['a', 'b'], ['--fast']]) expect((await backup('memory:', ...words))[0]).toBe(2)
  expect((await backup('mysql:', 'copy'))[0]).toBe(2)
})
