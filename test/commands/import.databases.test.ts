import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { accountId } from '../../src/accounts/usernames.ts'
import { type Client, contractClient, logIn } from '../support/contract-client.ts'
import { emptyFolder, startProcess } from '../support/process.ts'
import { migratedDatabase, ndjson, sesame, sesameHere, type TestDatabase } from '../support/sesame.ts'
import { startService } from '../support/service.ts'
import { createDatabase, storeName } from '../support/stores.ts'

interface ForeignHash {
  readonly made_by: string
  readonly password: string
  readonly hash: string
}

const foreignHashes = JSON.parse(
  readFileSync(new URL('../support/foreign-hashes.json', import.meta.url), 'utf8'),
) as readonly ForeignHash[]

const bcrypt = '$2b$04$iYD6oW2kz9YJh.5WV.9o9uxNNayYBNPTgv7.vhdFd1NMq3Pony2ZW'
const password = 'correct horse battery staple'
const now = Math.floor(Date.now() / 1000)

const account = (username: string, others: object = {}) => ({ username, password_hash: bcrypt, ...others })
const ours = (username: string, others: object = {}) => ({
  type: 'account',
  id: accountId(username),
  ...account(username),
  credential_version: 1,
  created_at: now - 100,
  ...others,
})
const sessionOf = (username: string, number: number, others: object = {}) => ({
  type: 'session',
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  account_id: accountId(username),
  credential_version: 1,
  client_id: 'public',
  scope: 'account:read',
  opened_at: now - 50,
  refreshed_at: now - 50,
  expires_at: now + 1000,
  generation: 0,
  secret: Buffer.alloc(32, number).toString('base64url'),
  ...others,
})
const header = { format: 'sesame', version: 1 }
const whole = (...lines: readonly object[]): string => ndjson(header, ...lines, { type: 'end', lines: lines.length })

let database: TestDatabase
beforeAll(async () => {
  database = await migratedDatabase()
})

const nameOf = async (username: string): Promise<string | undefined> =>
  (await database.stores.accounts.find(accountId(username)))?.username

describe('an account from elsewhere', () => {
  let client: Client
  beforeAll(async () => {
    const lines = foreignHashes.map(({ hash }, i) => ({ username: `user-${i}`, password_hash: hash }))
    const { status, stdout } = await sesame(database.url, ['import'], ndjson(...lines))
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `Imported ${lines.length} accounts and 0 sessions.\n`,
    })
    client = contractClient((await startService({ stores: database.stores, hashCost: 'recommended' })).url)
  })

  // Kept on every database, and verified alike: that takes most of the time.
  const verified = storeName === 'sqlite' ? foreignHashes : foreignHashes.slice(0, 1)
  test.each(verified.map(({ made_by, ...rest }, i) => [made_by, { ...rest, username: `user-${i}` }] as const))(
    'logs in with its password alone, and has a hash of ours from then on: %s',
    async (_madeBy, { username, password, hash }) => {
      const stored = async () => (await database.stores.accounts.find(accountId(username)))?.passwordHash
      expect((await logIn(client, username, `${password}.`)).status).toBe(401)
      expect(await stored()).toBe(hash)
      expect((await logIn(client, username, password)).status).toBe(200)
      expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      // Composed from now on, as every password here.
      for (const spelling of new Set([password.normalize('NFC'), password.normalize('NFD')]))
        expect((await logIn(client, username, spelling)).status).toBe(200)
      expect((await logIn(client, username, `${password}.`)).status).toBe(401)
    },
  )

  test('keeps a hash that does not heed the whole password', async () => {
    const hash = '$2a$04$AyIw.RW63fTI0kkEHPWPHOMdewkMOGy7DNMY0FAbLCFrMPsnflNQ2'
    await sesameHere(database.url, ['import'], ndjson({ username: 'long', password_hash: hash }))
    expect((await logIn(client, 'long', 'a'.repeat(80))).status).toBe(200)
    expect((await database.stores.accounts.find(accountId('long')))?.passwordHash).toBe(hash)
  })

  test('was created when the line says so, else now, and is found in any spelling', async () => {
    const text = ndjson(account('Since', { created_at: 1_600_000_000 }), account('ＮＯＷ'))
    expect((await sesameHere(database.url, ['import'], text)).status).toBe(0)
    const { accounts } = database.stores
    expect(await accounts.find(accountId('since'))).toMatchObject({ username: 'Since', createdAt: 1_600_000_000 })
    expect(Number((await accounts.find(accountId('now')))?.createdAt)).toBeGreaterThanOrEqual(now)
  })
})

describe('a line that cannot be kept', () => {
  const secretive = 'do not repeat this'

  test.each<[string, string | Buffer | object, RegExp]>([
    ['no JSON', `{"username": "${secretive}`, /is not a JSON object/],
    ['an array', [secretive], /is not a JSON object/],
    ['a text', JSON.stringify(secretive), /is not a JSON object/],
    ['not UTF-8', Buffer.from('{"username":"\xff"}', 'latin1'), /is not valid UTF-8/],
    ['a line of 64 KiB', account('x'.repeat(70_000)), /is longer than 65536 bytes/],
    ['much depth', `{"username":"d","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, /has no password_hash/],
    ['a member twice', `{"username":"a","username":"${secretive}"}`, /has a duplicate field/],
    ['another type', { type: secretive }, /has an unknown type/],
    ['no name', { password_hash: bcrypt }, /has no username/],
    ['an empty name', account(''), /has an invalid username/],
    ['a name that is a number', { username: 1, password_hash: bcrypt }, /has an invalid username/],
    ['a name with a space', account('li cat'), /has an invalid username: it must not contain white space/],
    ['a long name', account('x'.repeat(65)), /has an invalid username: it must have at most 64/],
    ['a lone surrogate', '{"username":"\\ud800","password_hash":"x"}', /has an invalid username: it must not contain/],
    ['no hash', { username: 'nohash' }, /has no password_hash/],
    ['a hash of nothing', { username: 'null', password_hash: null }, /has an invalid password_hash/],
    ['a password', account('plain', { password_hash: secretive }), /has a password_hash that is not an argon2id/],
    ['a dear hash', account('dear', { password_hash: bcrypt.replace('$04$', '$20$') }), /that has a cost/],
    [
      'a hash that scrypt cannot make',
      account('scrypt', { password_hash: `$scrypt$ln=1,r=1048576,p=1$AAAAAAAAAAA$${'A'.repeat(43)}` }),
      /that has a cost/,
    ],
    ['a time in words', account('time', { created_at: '2020' }), /has an invalid created_at/],
    ['a time with a fraction', account('time', { created_at: 1.5 }), /has an invalid created_at/],
    ['a time in milliseconds', account('time', { created_at: Date.now() }), /has an invalid created_at/],
    [
      'a version that cannot be counted up',
      account('v', { credential_version: 2 ** 31 - 1 }),
      /has an invalid credential_version/,
    ],
    ['more than we know', account('more', { e_mail: secretive }), /has an unknown field/],
    ['the id of another', account('me', { id: accountId('you') }), /has an id that does not match its username/],
    ['a deleted account with a name', { ...ours('gone'), type: 'deleted-account' }, /has an unknown field/],
    ['a session of nobody', sessionOf('nobody', 1), /does not follow the valid account line/],
    ['an end without a beginning', { type: 'end', lines: 1 }, /is an end line in the wrong place/],
    ['a header in the midst', header, /is a header line in the wrong place/],
  ])('is reported with its number and why, and none of its content: %s', async (_what, line, reason) => {
    const bytes = Buffer.isBuffer(line) ? line : Buffer.from(typeof line === 'string' ? line : JSON.stringify(line))
    const [before, after] = [`before-${Math.random()}`, `after-${Math.random()}`]
    const text = Buffer.concat([
      Buffer.from(`${ndjson(account(before))}\r\n`),
      bytes,
      Buffer.from(`\n${JSON.stringify(account(after))}`),
    ])
    const { status, stdout, stderr } = await sesameHere(database.url, ['import'], text)
    expect(stderr).toMatch(/^line 3 [^\n]+\n$/)
    expect(stderr).toMatch(reason)
    expect(stderr).not.toContain(secretive)
    expect(stdout).toBe(
      'Imported 2 accounts and 0 sessions. Refused 1 line, skipped 0 lines whose account or session already exists.\n',
    )
    expect(status).toBe(1)
    expect(await nameOf(after)).toBe(after)
  })

  test('leaves what is there as it is', async () => {
    await sesameHere(database.url, ['import'], ndjson(account('there')))
    const { status, stderr } = await sesameHere(
      database.url,
      ['import'],
      ndjson(account('THERE', { credential_version: 7 }), account('new'), account('new')),
    )
    expect(stderr).toBe('line 1 is an account that already exists\nline 3 is an account that already exists\n')
    expect(status).toBe(1)
    expect(await database.stores.accounts.find(accountId('there'))).toMatchObject({
      username: 'there',
      credentialVersion: 0,
    })
  })

  test.each<[string, object, RegExp]>([
    ['an id in capitals', { id: '0000000A-0000-4000-8000-000000000001' }, /has an invalid id/],
    ['a client in another script', { client_id: '리캣' }, /has an invalid client_id/],
    ['a scope with a line break', { scope: 'a\nb' }, /has an invalid scope/],
    ['a short secret', { secret: 'AAAA' }, /has an invalid secret/],
    ['a secret in another spelling', { secret: `${'A'.repeat(42)}B` }, /has an invalid secret/],
    ['a generation below zero', { generation: -1 }, /has an invalid generation/],
    ['no end', { expires_at: undefined }, /has no expires_at/],
    ['a password of the future', { credential_version: 2 }, /has a higher credential_version/],
    ['another account', { account_id: accountId('another') }, /does not follow the valid account line/],
  ])('is a session with %s', async (_what, members, reason) => {
    const name = `holder-${Math.random()}`
    const text = whole(ours(name), sessionOf(name, 2, members))
    const { status, stderr } = await sesameHere(database.url, ['import'], text)
    expect(stderr).toMatch(/^line 3 [^\n]+\n$/)
    expect(stderr).toMatch(reason)
    expect(status).toBe(1)
  })
})

describe('a session', () => {
  test('never gets to an account that was there before', async () => {
    await sesameHere(database.url, ['import'], ndjson(account('first')))
    const text = whole(ours('first'), sessionOf('first', 10), ours('second'), sessionOf('second', 11))
    const { status, stdout, stderr } = await sesameHere(database.url, ['import'], text)
    expect(stderr).toBe('line 2 is an account that already exists\nline 3 belongs to an account that already existed\n')
    expect(stdout).toBe(
      'Imported 1 account and 1 session. Refused 0 lines, skipped 2 lines whose account or session already exists.\n',
    )
    expect(status).toBe(1)
    expect(await database.stores.sessions.list(accountId('first'), 10, undefined)).toEqual([])
    expect(await database.stores.sessions.list(accountId('second'), 10, undefined)).toHaveLength(1)
  })

  test('never belongs to a deleted account', async () => {
    const { id, credential_version, created_at } = ours('ghost')
    const ghost = { type: 'deleted-account', id, credential_version, created_at }
    const { status, stderr } = await sesameHere(database.url, ['import'], whole(ghost, sessionOf('ghost', 12)))
    expect(stderr).toBe('line 3 belongs to a deleted account\n')
    expect(status).toBe(1)
  })

  test('with an id that is there is not kept', async () => {
    const text = whole(ours('third'), sessionOf('third', 20), sessionOf('third', 20, { generation: 3 }))
    expect((await sesameHere(database.url, ['import'], text)).stderr).toBe(
      'line 4 has the id of a session that already exists\n',
    )
    expect(await database.stores.sessions.list(accountId('third'), 10, undefined)).toMatchObject([{ generation: 0 }])
  })
})

describe('a file', () => {
  test('that was cut off is reported, and what there is of it kept', async () => {
    const { status, stdout, stderr } = await sesameHere(database.url, ['import'], ndjson(header, ours('cut')))
    expect(stderr).toBe('error: the file is incomplete: its end line is missing\n')
    expect(stdout).toMatch(/^Imported 1 account and /)
    expect(status).toBe(1)
  })

  test('that is empty is reported', async () => {
    const { status, stderr } = await sesameHere(database.url, ['import', '-'], '\n')
    expect(stderr).toBe('error: the file is empty\n')
    expect(status).toBe(1)
  })

  test('with a line missing is reported', async () => {
    const text = ndjson(header, ours('lines'), { type: 'end', lines: 2 })
    expect((await sesameHere(database.url, ['import'], text)).stderr).toMatch(
      /^line 3 does not match the number of lines above it: .+\n$/,
    )
  })

  test('is over at its end', async () => {
    const { stderr } = await sesameHere(database.url, ['import'], whole(ours('over')) + ndjson(account('below')))
    expect(stderr).toBe('line 4 comes after the end line\n')
    expect(await nameOf('below')).toBeUndefined()
  })

  test.each([
    [{ format: 'sesame', version: 2 }, /^line 1 has a format version other than 1: .*\n$/],
    [{ format: 'other', version: 1 }, /^line 1 names an unknown format\n$/],
  ])('with the header %j is left alone', async (foreign, reason) => {
    const { status, stderr } = await sesameHere(database.url, ['import'], ndjson(foreign, account('foreign')))
    expect(stderr).toMatch(reason)
    expect(status).toBe(1)
    expect(await nameOf('foreign')).toBeUndefined()
  })

  test('comes by its name, too, cut into lines wherever its chunks end', async () => {
    const file = join(emptyFolder(), 'accounts.ndjson')
    const names = Array.from({ length: 9_000 }, (_, i) => `많은-${i}`)
    writeFileSync(file, ndjson(...names.map((name) => account(name))))
    const { status, stdout } = await sesameHere(database.url, ['import', file])
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'Imported 9000 accounts and 0 sessions.\n',
    })
    for (const name of [names[0], names[4_321], names.at(-1)]) expect(await nameOf(name ?? '')).toBe(name)
  })
})

describe('on a terminal', () => {
  const drawnBy = async (words: readonly string[], stdin = ''): Promise<string> => {
    let drawn = ''
    const terminal = { isTTY: true, write: (text: string) => (drawn += text) }
    expect((await sesameHere(database.url, ['import', ...words], stdin, { terminal })).status).toBe(0)
    expect(drawn.endsWith('\r\u001b[K')).toBe(true)
    return drawn
  }

  test('it shows how far it is', async () => {
    const file = join(emptyFolder(), 'accounts.ndjson')
    writeFileSync(file, ndjson(account('drawn'), account('drawn-too')))
    expect(await drawnBy([file])).toMatch(/█{24} (\d+) B\/\1 B read, 2 lines, \d+ a second/)
  })

  test('it shows how much there was, where nobody knows how much is to come', async () => {
    expect(await drawnBy([], ndjson(account('piped')))).toMatch(/K\d+ B read, 1 line, \d+ a second/)
  })
})

describe('--atomic', () => {
  test('keeps nothing where one line is at fault, and reports each in place of the progress line', async () => {
    const names = Array.from({ length: 9_000 }, (_, i) => `atomic-${i}`)
    const text = ndjson(...names.map((name) => account(name)), account('li cat'), account('atomic-7'))
    let drawn = ''
    const terminal = { isTTY: true, write: (written: string) => (drawn += written) }
    const start = performance.now()
    const { status, stdout } = await sesameHere(database.url, ['import', '--atomic'], text, { terminal })
    const seconds = (performance.now() - start) / 1000
    const [first = '', second] = drawn.split('\n')
    const [progress, report] = first.split('\r\u001b[K').slice(-2)
    const [, rate] = / 8000 lines, (\d+) a second$/.exec(progress ?? '') ?? []
    expect(Number(rate)).toBeGreaterThanOrEqual(Math.floor(8_000 / seconds))
    expect(report).toMatch(/^line 9001 has an invalid username: /)
    expect(second).toBe('\r\u001b[Kline 9002 is an account that already exists')
    expect(stdout).toBe('Imported nothing. Refused 1 line, skipped 1 line whose account or session already exists.\n')
    expect(status).toBe(1)
    for (const name of ['atomic-0', 'atomic-8999']) expect(await nameOf(name)).toBeUndefined()
  })

  test('keeps all where none is', async () => {
    const text = whole(ours('all-1'), sessionOf('all-1', 30), ours('all-2'))
    const { status, stdout } = await sesameHere(database.url, ['import', '--atomic'], text)
    expect(stdout).toBe('Imported 2 accounts and 1 session.\n')
    expect(status).toBe(0)
    expect(
      (await logIn(contractClient((await startService({ stores: database.stores })).url), 'all-1', password)).status,
    ).toBe(200)
  })
})

test('goes on where nobody reads what it says', async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `unheard-${i}`)
  const process = startProcess({ DATABASE_URL: database.url }, emptyFolder(), ['import', '-'])
  process.child.stdout?.destroy()
  process.child.stderr?.destroy()
  process.child.stdin?.end(ndjson({ username: 'li cat' }, ...names.map((name) => account(name))))
  expect(await process.exit).toBe(1)
  expect(await nameOf('unheard-19999')).toBe('unheard-19999')
})

describe('the command line', () => {
  test.each<[readonly string[], RegExp]>([
    [['no-such-file'], /^error: no-such-file cannot be read: ENOENT/],
    [['.'], /^error: \. is a folder/],
    [['a', 'b'], /^error: unexpected argument "b"\n\nUsage: npm run sesame -- import \[FILE\] \[options\]\n/],
    [['--atomik'], /^error: Unknown option '--atomik'[^]*\n\nUsage: npm run sesame -- import /],
  ])('with %j is refused with the status 2', async (words, reason) => {
    const { status, stdout, stderr } = await sesameHere(database.url, ['import', ...words])
    expect(stderr).toMatch(reason)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  test('without a file on a terminal says what to do, and does not wait', async () => {
    const { status, stderr } = await sesameHere(database.url, ['import'], '', { isTyped: true })
    expect(stderr).toMatch(/^error: import requires a file: `npm run sesame -- import FILE`\. .+\n$/)
    expect(status).toBe(2)
  })

  test('with - on a terminal takes what is typed', async () => {
    const text = ndjson(account('typed'))
    expect(await sesameHere(database.url, ['import', '-'], text, { isTyped: true })).toMatchObject({ status: 0 })
    expect(await nameOf('typed')).toBe('typed')
  })

  test.each([
    ['memory:', 2, /^error: DATABASE_URL names no database/],
    ['mysql://localhost', 2, /^error: DATABASE_URL is not valid/],
    ['', 2, /^error: DATABASE_URL names no database/],
    ['sqlite:/no/such/folder/sesame.db', 2, /^error: DATABASE_URL names a file that does not exist/],
    ['postgres://127.0.0.1:1/none', 1, /^error: DATABASE_URL cannot be used/],
  ])('says that there is no database: %s', async (url, expected, reason) => {
    const { status, stderr } = await sesameHere(url, ['import'], ndjson(account('a')))
    expect(stderr).toMatch(reason)
    expect(status).toBe(expected)
  })

  test('asks for the schema first', async () => {
    const { url, remove } = await createDatabase()
    if (storeName === 'sqlite') writeFileSync(url.slice('sqlite:'.length), '')
    const { status, stderr } = await sesameHere(url, ['import'], ndjson(account('a')))
    await remove()
    expect(stderr).toMatch(
      /^error: The database lacks 2026-11-accounts-and-sessions: run `npm run sesame -- migrate up`\.\n$/,
    )
    expect(status).toBe(1)
  })
})
