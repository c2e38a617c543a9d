// Writes down the SQLite file that this version makes, with the tokens of an account in it: test/fixtures/stored. Every later
// version has to open it. To be run for a release, on the build of that release; a file that is there is not replaced.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Libsql from 'libsql'
import { buildIfStale } from './build.mjs'
import { createTemporaryFolder } from './proof/at-exit.mjs'
import { logIn, send, signUp } from './proof/http-client.mjs'
import { productionSettings, root, startServer } from './proof/server.mjs'

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const target = join(root, 'test', 'fixtures', 'stored', version)
if (existsSync(`${target}.json`)) {
  console.error(`error: ${target}.json is there already.`)
  process.exit(1)
}

await buildIfStale()
const { path: folder } = createTemporaryFolder()
const file = join(folder, 'sesame.db')
const settings = {
  ...productionSettings(),
  DATABASE_URL: `sqlite:${file}`,
  MIGRATE_ON_START: 'true',
  ISSUER: 'https://auth.example.com',
}
const account = { username: 'Licat', password: 'correct horse battery' }
const deleted = { username: 'gone', password: 'correct horse battery' }

const server = await startServer({ settings })
for (const each of [account, deleted]) await signUp(server.url, each)
const [{ body: tokens }, { body: last }] = [await logIn(server.url, account), await logIn(server.url, deleted)]
await send(`${server.url}/account`, {
  method: 'DELETE',
  headers: { Authorization: `Bearer ${JSON.parse(last).access_token}` },
})
await server.stop()

// What stands in the log of the file only goes into the file itself.
const database = new Libsql(file)
database.pragma('journal_mode = DELETE')
database.close()
mkdirSync(join(target, '..'), { recursive: true })
writeFileSync(`${target}.db.gz`, gzipSync(readFileSync(file), { level: 9 }))
const { access_token: accessToken, refresh_token: refreshToken } = JSON.parse(tokens)
const { SECRET_KEY: secretKey, ISSUER: issuer } = settings
const known = { seconds: Math.floor(Date.now() / 1000), secretKey, issuer, account, deleted, accessToken, refreshToken }
writeFileSync(`${target}.json`, `${JSON.stringify(known, undefined, 2)}\n`)
