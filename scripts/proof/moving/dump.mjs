// What a copy of the database is worth to a thief: whether it holds a password or a token of a run, in any form, and whether
// a token can be made of it without the key of the service.
import { createHash, createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../dist/clock.js'
import { createAccessTokens } from '../../../dist/sessions/access-tokens.js'
import { createRefreshTokens } from '../../../dist/sessions/refresh-tokens.js'
import { logIn, send, signUp } from '../http-client.mjs'
import { productionSettings, startServer } from '../server.mjs'
import { runSesame } from './fill.mjs'

const accounts = 12
const issuer = 'http://localhost:8000'

/** @param folder for the export
 * @param readDump yields the bytes of the database, while the service runs
 * @returns results of a proof */
export const proveDump = async (name, databaseUrl, folder, readDump) => {
  await runSesame(databaseUrl, ['migrate', 'up'])
  const settings = { ...productionSettings(), ISSUER: issuer, DATABASE_URL: databaseUrl }
  const server = await startServer({ settings })
  const seen = await useService(server.url)
  const dump = await readDump()
  const rows = await sessionsOf(databaseUrl, join(folder, `${name}.ndjson`))
  const results = [
    judgeSearch(name, dump, seen, rows),
    await judgeKeys(name, server.url, settings.SECRET_KEY, rows, seen),
  ]
  await server.stop()
  return results
}

const form = (fields) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: String(new URLSearchParams(fields)),
})
const refresh = (url, token) => send(`${url}/token`, form({ grant_type: 'refresh_token', refresh_token: token }))
const bearer = (token) => ({ Authorization: `Bearer ${token}` })

/** Has accounts do what accounts do.
 * @returns the names, and every password and token that there was */
const useService = async (url) => {
  const [passwords, accessTokens, refreshTokens] = [[], [], []]
  const take = ({ status, body }) => {
    if (status !== 200) throw new Error(`The service has answered ${status}: ${body}`)
    const { access_token: access, refresh_token: refreshToken } = JSON.parse(body)
    accessTokens.push(access)
    refreshTokens.push(refreshToken)
    return { access, refreshToken }
  }
  const newPassword = () => {
    passwords.push(randomBytes(15).toString('base64'))
    return passwords.at(-1)
  }
  const names = Array.from({ length: accounts }, () => `name-${randomBytes(4).toString('hex')}`)
  for (const [i, username] of names.entries()) {
    const account = { username, password: newPassword() }
    await signUp(url, account)
    const first = take(await logIn(url, account))
    let last = take(await logIn(url, account))
    for (let round = 0; round < 3; round += 1) last = take(await refresh(url, last.refreshToken))
    if (i % 3 === 1) await send(`${url}/logout`, { method: 'POST', headers: bearer(first.access) })
    if (i % 3 === 2) {
      const body = JSON.stringify({ current_password: account.password, new_password: newPassword() })
      const headers = { ...bearer(last.access), 'Content-Type': 'application/json' }
      await send(`${url}/account/password`, { method: 'PUT', headers, body })
    }
  }
  return { names, passwords, accessTokens, refreshTokens }
}

/** Every stored session as a row, with the name of its account. */
const sessionsOf = async (databaseUrl, file) => {
  await runSesame(databaseUrl, ['export', file])
  const entries = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const rowsOf = (wanted) => entries.filter(({ type }) => type === wanted)
  const usernames = new Map(rowsOf('account').map(({ id, username }) => [id, username]))
  return rowsOf('session').map((row) => ({ ...row, username: usernames.get(row.account_id) }))
}

/** A value in the ways in which it could stand in a database, without the ends that depend on what stands beside it. */
const formsOf = (bytes) => [
  bytes,
  ...['hex', 'base64', 'base64url'].map((encoding) => Buffer.from(bytes.toString(encoding).replace(/=+$/, ''))),
  Buffer.from(bytes.toString('hex').toUpperCase()),
]

const judgeSearch = (name, dump, { names, passwords, accessTokens, refreshTokens }, rows) => {
  const texts = [...passwords, ...accessTokens, ...refreshTokens]
  const needles = [
    ...texts.flatMap((text) => [Buffer.from(text), createHash('sha256').update(text).digest()]),
    // A signature or a MAC alone would do, since the rest is known.
    ...accessTokens.map((token) => Buffer.from(token.split('.')[2], 'base64url')),
    ...refreshTokens.map((token) => Buffer.from(token, 'base64url').subarray(25)),
  ].flatMap(formsOf)
  const found = needles.filter((needle) => dump.includes(needle))
  // The search has to find what is there.
  const controls = [...names, ...rows.map(({ secret }) => secret)]
  const missed = controls.filter((text) => !dump.includes(text))
  return {
    passed: found.length === 0 && missed.length === 0,
    text:
      `${name}: of ${passwords.length} passwords, ${accessTokens.length} access and ${refreshTokens.length} refresh tokens, ` +
      `their SHA-256, signatures and MACs, as ${needles.length} byte strings, ${found.length} are in the dump of ` +
      `${dump.length} bytes; of ${controls.length} names and stored values that are there, ${controls.length - missed.length} are found`,
  }
}

/** With the rows of all sessions, tries to make tokens by another key, and by the key of the service. */
const judgeKeys = async (name, url, secretKey, rows, { refreshTokens }) => {
  const keyId = Buffer.from(refreshTokens[0], 'base64url').subarray(1, 5)
  const own = createSecretKey(secretKey, 'utf8')
  const other = createSecretKey(randomBytes(32))
  const [tokensOf, othersOf] = [own, other].map((key) => createRefreshTokens([key]))
  const accepted = { forged: 0, genuine: 0 }
  let tried = 0
  for (const row of rows) {
    const session = { ...row, secret: Buffer.from(row.secret, 'base64url') }
    const genuine = tokensOf.issue(session)
    const forged = [
      othersOf.issue(session),
      withKeyId(othersOf.issue(session), keyId),
      bySecretAlone(genuine, session.secret),
    ]
    for (const token of forged) if ((await refresh(url, token)).status !== 400) accepted.forged += 1
    if (await takesAccess(url, other, row)) accepted.forged += 1
    tried += forged.length + 1
    if (await takesAccess(url, own, row)) accepted.genuine += 1
    if ((await refresh(url, genuine)).status === 200) accepted.genuine += 1
  }
  return {
    passed: rows.length > 0 && accepted.forged === 0 && accepted.genuine === 2 * rows.length,
    text:
      `${name}: of ${tried} tokens made of the ${rows.length} stored sessions without the key, ${accepted.forged} are taken; ` +
      `of ${2 * rows.length} made with it, ${accepted.genuine}`,
  }
}

const withKeyId = (token, keyId) => {
  const bytes = Buffer.from(token, 'base64url')
  keyId.copy(bytes, 1)
  return bytes.toString('base64url')
}

/** The token's own first part, with a MAC by what is stored. */
const bySecretAlone = (token, secret) => {
  const bytes = Buffer.from(token, 'base64url')
  createHmac('sha256', secret).update(bytes.subarray(5, 25)).digest().copy(bytes, 25)
  return bytes.toString('base64url')
}

const takesAccess = async (url, key, row) => {
  const { issue } = createAccessTokens({
    keys: [key],
    algorithm: 'HS256',
    issuer,
    audience: issuer,
    lifetimeSeconds: 1800,
    clock: systemClock,
  })
  const { username: sub, id: sid, client_id, scope, opened_at: auth_time } = row
  const token = issue({ sub, sid, client_id, scope, auth_time })
  return (await send(`${url}/sessions`, { headers: bearer(token) })).status === 200
}
