import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { accountId } from '../../src/accounts/usernames.ts'
import { type Client, contractClient, logIn, refresh, signUp } from '../support/contract-client.ts'
import { emptyFolder, startProcess } from '../support/process.ts'
import { migratedDatabase, sesame, sesameHere, type TestDatabase } from '../support/sesame.ts'
import { startService } from '../support/service.ts'

interface Line extends Readonly<Record<string, unknown>> {
  readonly type?: string
  readonly id: string
}

const linesOf = (text: string): readonly Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

const serve = async ({ stores }: TestDatabase): Promise<Client> => contractClient((await startService({ stores })).url)

let database: TestDatabase
let client: Client
const tokens = new Map<string, string>()
beforeAll(async () => {
  database = await migratedDatabase()
  client = await serve(database)
  for (const name of ['licat', 'LIMO', '리캣', 'gone']) await signUp(client, name, '1234')
  for (const name of ['licat', 'LIMO', '리캣']) {
    await logIn(client, name, '1234')
    tokens.set(name, String((await logIn(client, name, '1234')).json.refresh_token))
  }
  await logIn(client, 'gone', '1234')
  const { json } = await logIn(client, 'gone', '1234')
  await client({
    method: 'DELETE',
    path: '/account',
    headers: { authorization: `Bearer ${String(json.access_token)}` },
  })
})

describe('sesame export', () => {
  test('writes a header, each account by its id with its sessions below it, and an end', async () => {
    const { status, stdout, stderr } = await sesameHere(database.url, ['export'])
    expect(stderr).toBe('Exported 4 accounts and 6 sessions.\n')
    expect(status).toBe(0)
    const [header, ...between] = linesOf(stdout)
    const end = between.pop()
    expect(header).toEqual({ format: 'sesame', version: 1 })
    expect(end).toEqual({ type: 'end', lines: 10 })
    const accounts = between.filter(({ type }) => type !== 'session')
    expect(accounts.map(({ id }) => id)).toEqual(['licat', 'LIMO', '리캣', 'gone'].map(accountId).sort())
    expect(accounts.find(({ id }) => id === accountId('limo'))).toEqual({
      type: 'account',
      id: accountId('limo'),
      username: 'LIMO',
      password_hash: expect.stringMatching(/^\$argon2id\$/),
      credential_version: 0,
      created_at: expect.any(Number),
    })
    expect(accounts.find(({ id }) => id === accountId('gone'))).toEqual({
      type: 'deleted-account',
      id: accountId('gone'),
      credential_version: 1,
      created_at: expect.any(Number),
    })
    let owner = ''
    for (const { type, id, account_id } of between) {
      if (type === 'session') expect(account_id).toBe(owner)
      else owner = id
    }
  })

  test('writes a file that nobody else may read, and the same again', async () => {
    const [one, two] = ['one', 'two'].map((name) => join(emptyFolder(), name)) as [string, string]
    for (const file of [one, two]) expect((await sesameHere(database.url, ['export', file])).status).toBe(0)
    expect(readFileSync(one)).toEqual(readFileSync(two))
    if (process.platform !== 'win32') expect(statSync(one).mode & 0o777).toBe(0o600)
  })

  test('moves everything: passwords, refresh tokens, and names that stay taken', async () => {
    const { stdout } = await sesameHere(database.url, ['export'])
    const other = await migratedDatabase()
    expect((await sesameHere(other.url, ['import'], stdout)).stdout).toBe('Imported 4 accounts and 6 sessions.\n')
    expect((await sesameHere(other.url, ['export'])).stdout).toBe(stdout)
    const there = await serve(other)
    for (const [name, token] of tokens) {
      expect((await logIn(there, name, '1234')).status).toBe(200)
      const { status, json } = await refresh(there, token)
      expect(status).toBe(200)
      expect((await refresh(there, String(json.refresh_token))).status).toBe(200)
    }
    expect((await signUp(there, 'gone', '1234')).json.detail).toBe('Username already exists')
    expect((await logIn(there, 'gone', '1234')).status).toBe(401)
  })

  test('shows how far it is on a terminal', async () => {
    const { url } = await migratedDatabase()
    const lines = Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ username: `n-${i}`, password_hash: hash }))
    await sesameHere(url, ['import'], lines.join('\n'))
    let drawn = ''
    const terminal = { isTTY: true, columns: 60, write: (text: string) => (drawn += text) }
    await sesameHere(url, ['export'], '', { terminal })
    expect(drawn).toMatch(/█+░+ \d+\/3000 accounts and sessions/)
    expect(drawn.endsWith('\r\u001b[KExported 3000 accounts and 0 sessions.\n')).toBe(true)
  })

  test('is of one moment, while others write, and does not keep them from it', async () => {
    const { url, stores } = await migratedDatabase()
    const lines = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({ username: `n-${i}`, password_hash: hash }))
    await sesameHere(url, ['import'], lines.join('\n'))
    const over = new AbortController()
    // SQLite keeps the process busy that reads it.
    const exported = sesame(url, ['export']).finally(() => over.abort())
    let created = 0
    while (!over.signal.aborted) {
      const username = `late-${created}`
      const times = { credentialVersion: 0, createdAt: 0 }
      await stores.accounts.create({ id: accountId(username), username, passwordHash: hash, ...times })
      created += 1
      // SQLite answers without a turn of the event loop.
      await setImmediate()
    }
    const { status, stdout } = await exported
    expect(status).toBe(0)
    const late = linesOf(stdout).flatMap(({ username }) => /^late-(\d+)$/.exec(String(username))?.[1] ?? [])
    // Those that were created one after the other are there up to one of them, and none after it.
    expect(late.map(Number).sort((a, b) => a - b)).toEqual(late.map((_, i) => i))
    expect(late.length).toBeLessThan(created)
    expect(linesOf(stdout).at(-1)).toEqual({ type: 'end', lines: 20_000 + late.length })
  })

  test('leaves a file alone that is there', async () => {
    const file = join(emptyFolder(), 'there')
    writeFileSync(file, 'mine')
    const { status, stderr } = await sesameHere(database.url, ['export', file])
    expect(stderr).toMatch(
      /^error: The export was not finished: .* already exists, and the command does not overwrite files\.$/m,
    )
    expect(status).toBe(1)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('has its name only once it is whole', async () => {
    const file = join(emptyFolder(), 'exported')
    writeFileSync(`${file}.partial`, 'begun')
    const { status, stderr } = await sesameHere(database.url, ['export', file])
    expect(stderr).toMatch(/^error: The export was not finished: .*exported\.partial already exists: .* remove it\.$/m)
    expect(status).toBe(1)
    expect(existsSync(file)).toBe(false)
  })

  test('names the folder that does not exist', async () => {
    const { status, stderr } = await sesameHere(database.url, ['export', join(emptyFolder(), 'no-such-folder', 'file')])
    expect(stderr).toMatch(/^error: The export was not finished: ENOENT: no such file or directory, .*no-such-folder/)
    expect(status).toBe(1)
  })

  describe('on a file system without hard links', () => {
    /** Exports to the file `exported` of a folder. Another program may run where a link is refused. */
    const exportWithoutLinks = async (folder: string, otherProgram = '') => {
      const script = join(folder, 'no-links.mjs')
      writeFileSync(
        script,
        `import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
fs.linkSync = () => {
  ${otherProgram}
  throw Object.assign(new Error('no links'), { code: 'ENOTSUP' })
}
syncBuiltinESMExports()
`,
      )
      const options = { NODE_OPTIONS: `--import ${pathToFileURL(script).href}` }
      const { exit, stderr } = startProcess({ DATABASE_URL: database.url, ...options }, folder, ['export', 'exported'])
      return { status: await exit, stderr: stderr() }
    }

    test('writes the whole file, and leaves nothing beside it', async () => {
      const folder = emptyFolder()
      expect(await exportWithoutLinks(folder)).toEqual({
        status: 0,
        stderr: 'Exported 4 accounts and 6 sessions.\n',
      })
      expect(linesOf(readFileSync(join(folder, 'exported'), 'utf8')).at(-1)).toEqual({ type: 'end', lines: 10 })
      expect(existsSync(join(folder, 'exported.partial'))).toBe(false)
    })

    test('leaves a file alone that another program has written meanwhile', async () => {
      const folder = emptyFolder()
      const { status, stderr } = await exportWithoutLinks(folder, "fs.writeFileSync('exported', 'mine')")
      expect(stderr).toMatch(/exported already exists, and the command does not overwrite files\.$/m)
      expect(status).toBe(1)
      expect(readFileSync(join(folder, 'exported'), 'utf8')).toBe('mine')
    })
  })

  test('says so, and ends, where nobody takes it', async () => {
    const process = startProcess({ DATABASE_URL: database.url }, emptyFolder(), ['export'])
    process.child.stdout?.destroy()
    expect(await process.exit).toBe(1)
    expect(process.stderr()).toBe('error: The export was not finished: write EPIPE.\n')
  })

  test('counts one account and one session in the singular', async () => {
    const one = await migratedDatabase()
    const there = await serve(one)
    await signUp(there, 'only', '1234')
    await logIn(there, 'only', '1234')
    const { stdout, stderr } = await sesameHere(one.url, ['export'])
    expect(stderr).toBe('Exported 1 account and 1 session.\n')
    const other = await migratedDatabase()
    expect((await sesameHere(other.url, ['import'], stdout)).stdout).toBe('Imported 1 account and 1 session.\n')
  })
})

const hash = '$2b$04$iYD6oW2kz9YJh.5WV.9o9uxNNayYBNPTgv7.vhdFd1NMq3Pony2ZW'
