// Saves a SQLite file of this version, and the tokens of one of its accounts, to test/fixtures/stored. Every later
// version must open that file. Run this script for each release, with the build of that release. It never replaces an
// existing file.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Libsql from 'libsql'
import { register } from 'tsx/esm/api'
import { buildIfStale } from './build.mjs'

// The test helpers are TypeScript, which Node 20 cannot run by itself.
register()
const { expectOk, operationsOf, plainClient } = await import('../test/support/http.ts')
const { emptyFolder, productionSettings, root, startServer } = await import('../test/support/process.ts')

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const target = join(root, 'test', 'fixtures', 'stored', version)
if (existsSync(`${target}.json`)) {
  console.error(`error: ${target}.json already exists.`)
  process.exit(1)
}

await buildIfStale()
const file = join(emptyFolder(), 'sesame.db')
const settings = {
  ...productionSettings(),
  DATABASE_URL: `sqlite:${file}`,
  MIGRATE_ON_START: 'true',
  ISSUER: 'https://auth.example.com',
}
const account = { username: 'Licat', password: 'correct horse battery' }
const deleted = { username: 'gone', password: 'correct horse battery' }

const server = await startServer({ settings })
const { signUp, logIn, deleteAccount } = operationsOf(plainClient(server.url))
for (const each of [account, deleted]) expectOk(await signUp(each))
const { access_token: accessToken, refresh_token: refreshToken } = expectOk(await logIn(account))
expectOk(await deleteAccount(expectOk(await logIn(deleted)).access_token))
await server.stop()

// Moves the content of the write-ahead log into the file.
const database = new Libsql(file)
database.pragma('journal_mode = DELETE')
database.close()
mkdirSync(join(target, '..'), { recursive: true })
writeFileSync(`${target}.db.gz`, gzipSync(readFileSync(file), { level: 9 }))
const { SECRET_KEY: secretKey, ISSUER: issuer } = settings
const known = { seconds: Math.floor(Date.now() / 1000), secretKey, issuer, account, deleted, accessToken, refreshToken }
writeFileSync(`${target}.json`, `${JSON.stringify(known, undefined, 2)}\n`)
