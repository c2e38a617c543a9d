import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { contractClient, logIn, readProtected, signUp } from '../support/contract-client.ts'
import { onUnix } from '../support/on-platforms.ts'
import { type Ended, emptyFolder, startProcess, urlOf } from '../support/process.ts'

const init = async (folder: string, ...words: string[]): Promise<Ended> => {
  const { exit, stdout, stderr } = startProcess({}, folder, ['init', ...words])
  return { status: await exit, stdout: stdout(), stderr: stderr() }
}

test('writes settings with which accounts and tokens survive a restart', async () => {
  const folder = emptyFolder()
  const { status, stdout, stderr } = await init(folder, '--issuer', 'http://localhost:8000')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^\.env holds a new SECRET_KEY\. [^\n]+\nStart the server: npm run sesame -- serve\n$/)

  const start = async () => {
    const server = startProcess({ PORT: '0', HOST: '127.0.0.1' }, folder)
    const client = contractClient((await urlOf(server)).replace('localhost', '127.0.0.1'))
    return { client, stop: () => (server.child.kill('SIGTERM'), server.exit) }
  }
  const account = ['licat', 'correct horse battery'] as const
  const before = await start()
  await signUp(before.client, ...account)
  const { access_token: token } = (await logIn(before.client, ...account)).json
  await before.stop()

  const after = await start()
  expect((await readProtected(after.client, token)).status).toBe(200)
  expect((await logIn(after.client, ...account)).status).toBe(200)
  await after.stop()
})

test('writes a different SECRET_KEY each time, and never overwrites a .env', async () => {
  const [folder, other] = [emptyFolder(), emptyFolder()]
  const read = (from: string): string => readFileSync(join(from, '.env'), 'utf8')
  for (const each of [folder, other]) await init(each)
  expect(read(folder)).toMatch(/^SECRET_KEY=[0-9a-f]{64}$/m)
  expect(read(other)).not.toBe(read(folder))

  const written = read(folder)
  const { status, stderr } = await init(folder, '--development')
  expect(status).toBe(1)
  expect(stderr).toMatch(/^error: \.env [^\n]+\n$/)
  expect(read(folder)).toBe(written)
})

onUnix('lets only the owner read the file', async () => {
  const folder = emptyFolder()
  await init(folder)
  expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)
})

test('takes a PostgreSQL with its issuer, and says to create the schema', async () => {
  const url = 'postgres://sesame:a%23b@db.example.com/sesame'
  const folder = emptyFolder()
  const { status, stdout } = await init(folder, '--database-url', url, '--issuer', 'https://auth.example.com')
  expect(status).toBe(0)
  expect(stdout).toContain('\nCreate the schema: npm run sesame -- migrate up\n')
  expect(readFileSync(join(folder, '.env'), 'utf8')).toContain(`\nDATABASE_URL=${url}\n`)
})

test.each([
  ['an unknown store', ['--database-url', 'mysql://db'], /^error: DATABASE_URL is not valid: use .+\n$/],
  ['a PostgreSQL without an issuer', ['--database-url', 'postgres://db/sesame'], /^error: ISSUER is missing: .+\n$/],
  ['an issuer that is not a URL', ['--issuer', 'auth'], /^error: ISSUER is not valid: .+\n$/],
  ['a # in the URL', ['--database-url', 'sqlite:./a#b.db'], /^error: \.env cannot hold this DATABASE_URL: .+\n$/],
])('refuses %s', async (_what, words, reason) => {
  const { status, stderr } = await init(emptyFolder(), ...words)
  expect(stderr).toMatch(reason)
  expect(status).toBe(2)
})
