import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import Libsql from 'libsql'
import { migrate as bringUpToDate } from '../../src/stores/sql/migrate.ts'
import { openSqlite } from '../../src/stores/sql/sqlite.ts'
import { contractClient, logIn, signUp } from '../support/contract-client.ts'
import { onUnix } from '../support/on-platforms.ts'
import { emptyFolder, startProcess, urlOf } from '../support/process.ts'
import { serveHere } from '../support/serve.ts'
import { startService } from '../support/service.ts'
import { sesameHere } from '../support/sesame.ts'
import { newFile, openFile } from '../support/sqlite.ts'

const settingsOf = (file: string) => ({ PORT: '0', HOST: '127.0.0.1', DATABASE_URL: `sqlite:${file}` })

const migrate = async (url: string): Promise<readonly [number | null, string]> => {
  const { status, stdout, stderr } = await sesameHere(url, ['migrate', 'up'])
  return [status, stdout + stderr]
}

onUnix('nobody else can read the file, or what stands beside it', async () => {
  const { file, stores } = await openFile()
  await stores.ping()
  const modes = ['', '-wal', '-shm'].map((end) => (statSync(`${file}${end}`).mode & 0o777).toString(8))
  expect(modes).toEqual(['600', '600', '600'])
})

test('a path may be relative to the folder, and have spaces and any other characters', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'a folder'))
  const server = startProcess(settingsOf("./a folder/it's 100% ö?#.db"), folder)
  await urlOf(server)
  expect(statSync(join(folder, 'a folder', "it's 100% ö?#.db")).isFile()).toBe(true)
})

test.each([
  ['in a folder that does not exist', () => join(emptyFolder(), 'none', 'sesame.db'), /the folder .* does not exist/],
  ['that is a folder', emptyFolder, /is a folder/],
])('a database %s is refused with the reason', async (_case, path, reason) => {
  const [status, said] = await migrate(`sqlite:${path()}`)
  expect([status, said]).toEqual([1, expect.stringMatching(reason)])
})

test('a file that is no database is refused, and left as it is', async () => {
  const file = newFile()
  writeFileSync(file, 'a letter to a friend\n'.repeat(500))
  const { isServing, printed } = await serveHere(settingsOf(file))
  expect(isServing).toBe(false)
  expect(printed).toContainEqual(expect.stringMatching(/^error: DATABASE_URL cannot be used: SQLITE_NOTADB/))
  expect(readFileSync(file, 'utf8')).toBe('a letter to a friend\n'.repeat(500))
})

test.each(['sqlite://sesame.db', 'sqlite:///sesame.db', 'sqlite::memory:', 'sqlite:file:sesame.db'])(
  '%s is refused, since it says different things to different programs',
  async (url) => {
    const [status, said] = await migrate(url)
    expect([status, said]).toEqual([2, expect.stringContaining('sqlite:./sesame.db')])
  },
)

test('a second server on a file is refused by any of its names, the command line is not; a killed one leaves no lock', async () => {
  const file = newFile()
  const link = join(emptyFolder(), 'link.db')
  const first = startProcess(settingsOf(file))
  const client = contractClient(await urlOf(first))
  expect((await signUp(client, 'licat', '1234')).status).toBe(200)
  symlinkSync(file, link)
  for (const name of [file, link]) {
    const { isServing, printed } = await serveHere(settingsOf(name))
    expect(isServing).toBe(false)
    expect(printed).toContainEqual(expect.stringMatching(/^error: Another server uses the file of DATABASE_URL/))
  }
  expect(await migrate(`sqlite:${file}`)).toEqual([0, 'The schema is current.\n'])

  first.child.kill('SIGKILL')
  await first.exit
  const next = await serveHere(settingsOf(file))
  expect((await logIn(contractClient(`http://127.0.0.1:${next.port}`), 'licat', '1234')).status).toBe(200)
  await next.stop({})
})

test('of several that make the schema at once one does, and the others find it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const file = newFile()
    const applied = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const database = openSqlite(file)
        const names = await bringUpToDate(database)
        await database.close()
        return names.length
      }),
    )
    expect(applied.sort()).toEqual([0, 0, 0, 1])
  }
})

test('what is written outside of a transaction, as a migration does, leaves nothing behind where the file is locked', async () => {
  const { file, database } = await openFile()
  const other = new Libsql(file)
  const row = { username: 'licat', password_hash: 'a hash', credential_version: 0, created_at: 1 }
  other.exec('begin immediate')
  other.exec("insert into accounts values ('first', 'licat', 'a hash', 0, 1)")
  const second = database.db.insertInto('accounts').values({ ...row, id: 'second' })
  await expect(second.execute()).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  const ids = database.db.selectFrom('accounts').select('id')
  expect(await ids.execute()).toEqual([])
  other.exec('commit')
  other.close()
  expect(await ids.execute()).toEqual([{ id: 'first' }])
})

onUnix(
  'a file that is removed or replaced under a server is out of reach: nothing is written into the void',
  async () => {
    const { file, stores } = await openFile()
    const client = contractClient((await startService({ stores })).url)
    expect((await signUp(client, 'licat', '1234')).status).toBe(200)
    const { file: other, close } = await openFile()
    await close()
    for (const change of [() => rmSync(file), () => renameSync(other, file)]) {
      change()
      expect((await signUp(client, 'gary', '1234')).status).toBe(503)
      expect((await client({ path: '/health/ready' })).status).toBe(503)
    }
  },
)
