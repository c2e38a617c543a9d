// Searches a dump of the database for the passwords and tokens of a run, in several forms. Then it tries to make tokens
// from the dump without the key of the service.
import { productionSettings, startServer } from '../../support/process.ts'
import { expectOk, type Operations, operationsOf, plainClient, type Received, send } from '../../support/http.ts'
import type { Result } from '../proof.ts'
import type { Tokens } from '../session-races/race.ts'
import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../src/clock.ts'
import { createAccessTokens } from '../../../src/sessions/access-tokens.ts'
import { createRefreshTokens } from '../../../src/sessions/refresh-tokens.ts'
import { runSesame } from './fill.ts'

const accounts = 12
const issuer = 'http://localhost:8000'

/** Uses a service on the database, and judges the dump.
 * @param folder for the export
 * @param readDump reads the bytes of the database while the service runs */
export const proveDump = async (
  name: string,
  databaseUrl: string,
  folder: string,
  readDump: () => Buffer,
): Promise<readonly Result[]> => {
  await runSesame(databaseUrl, ['migrate', 'up'])
  const settings = { ...productionSettings(), ISSUER: issuer, DATABASE_URL: databaseUrl }
  const server = await startServer({ settings })
  const seen = await useService(operationsOf(plainClient(server.url)))
  const dump = readDump()
  const rows = await sessionsOf(databaseUrl, join(folder, `${name}.ndjson`))
  const results = [
    judgeSearch(name, dump, seen, rows),
    await judgeKeys(name, server.url, settings.SECRET_KEY, rows, seen),
  ]
  await server.stop()
  return results
}

/** Signs up, logs in, refreshes, logs out and changes passwords.
 * @returns all names, passwords and tokens */
const useService = async ({ signUp, logIn, refresh, logOut, changePassword }: Operations) => {
  const passwords: string[] = []
  const all: Tokens[] = []
  const take = (received: Received): Tokens => {
    all.push(expectOk(received))
    return all.at(-1) as Tokens
  }
  const newPassword = (): string => {
    const password = randomBytes(15).toString('base64')
    passwords.push(password)
    return password
  }
  const names = Array.from({ length: accounts }, () => `name-${randomBytes(4).toString('hex')}`)
  for (const [i, username] of names.entries()) {
    const account = { username, password: newPassword() }
    await signUp(account)
    const first = take(await logIn(account))
    let last = take(await logIn(account))
    for (let round = 0; round < 3; round += 1) last = take(await refresh(last.refresh_token))
    if (i % 3 === 1) await logOut(first.access_token)
    if (i % 3 === 2) await changePassword(last.access_token, account.password, newPassword())
  }
  return {
    names,
    passwords,
    accessTokens: all.map((tokens) => tokens.access_token),
    refreshTokens: all.map((tokens) => tokens.refresh_token),
  }
}

type Row = any
type Seen = Awaited<ReturnType<typeof useService>>

/** Exports every stored session as a row, with the name of its account. */
const sessionsOf = async (databaseUrl: string, file: string): Promise<readonly Row[]> => {
  await runSesame(databaseUrl, ['export', file])
  const entries: Row[] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const rowsOf = (wanted: string): Row[] => entries.filter(({ type }) => type === wanted)
  const usernames = new Map(rowsOf('account').map(({ id, username }) => [id, username]))
  return rowsOf('session').map((row) => ({ ...row, username: usernames.get(row.account_id) }))
}

/** Encodes a value in the ways in which a database could hold it. Padding at the end is left out. */
const formsOf = (bytes: Buffer): readonly Buffer[] => [
  bytes,
  ...(['hex', 'base64', 'base64url'] as const).map((encoding) =>
    Buffer.from(bytes.toString(encoding).replace(/=+$/, '')),
  ),
  Buffer.from(bytes.toString('hex').toUpperCase()),
]

const judgeSearch = (
  name: string,
  dump: Buffer,
  { names, passwords, accessTokens, refreshTokens }: Seen,
  rows: readonly Row[],
): Result => {
  const texts = [...passwords, ...accessTokens, ...refreshTokens]
  const needles = [
    ...texts.flatMap((text) => [Buffer.from(text), createHash('sha256').update(text).digest()]),
    // A signature or a MAC would suffice, because a thief knows the rest.
    ...accessTokens.map((token) => Buffer.from(token.split('.')[2] ?? '', 'base64url')),
    ...refreshTokens.map((token) => Buffer.from(token, 'base64url').subarray(25)),
  ].flatMap(formsOf)
  const found = needles.filter((needle) => dump.includes(needle))
  // The search must find what is there.
  const controls: string[] = [...names, ...rows.map(({ secret }) => secret)]
  const missed = controls.filter((text) => !dump.includes(text))
  return {
    passed: found.length === 0 && missed.length === 0,
    text:
      `${name}: of ${passwords.length} passwords, ${accessTokens.length} access and ${refreshTokens.length} refresh tokens, ` +
      `their SHA-256, signatures and MACs, as ${needles.length} byte strings, ${found.length} are in the dump of ` +
      `${dump.length} bytes; of ${controls.length} names and stored values that are there, ${controls.length - missed.length} are found`,
  }
}

/** Tries to make tokens of all stored sessions: with another key, and as a control with the key of the service. */
const judgeKeys = async (
  name: string,
  url: string,
  secretKey: string,
  rows: readonly Row[],
  { refreshTokens }: Seen,
): Promise<Result> => {
  const keyId = Buffer.from(refreshTokens[0] ?? '', 'base64url').subarray(1, 5)
  const own = createSecretKey(secretKey, 'utf8')
  const other = createSecretKey(randomBytes(32))
  const { refresh } = operationsOf(plainClient(url))
  const tokensOf = createRefreshTokens([own])
  const othersOf = createRefreshTokens([other])
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
    for (const token of forged) if ((await refresh(token)).status !== 400) accepted.forged += 1
    if (await takesAccess(url, other, row)) accepted.forged += 1
    tried += forged.length + 1
    if (await takesAccess(url, own, row)) accepted.genuine += 1
    if ((await refresh(genuine)).status === 200) accepted.genuine += 1
  }
  return {
    passed: rows.length > 0 && accepted.forged === 0 && accepted.genuine === 2 * rows.length,
    text:
      `${name}: of ${tried} tokens made of the ${rows.length} stored sessions without the key, ${accepted.forged} are taken; ` +
      `of ${2 * rows.length} made with it, ${accepted.genuine}`,
  }
}

const withKeyId = (token: string, keyId: Buffer): string => {
  const bytes = Buffer.from(token, 'base64url')
  keyId.copy(bytes, 1)
  return bytes.toString('base64url')
}

/** The genuine token with a MAC by the stored secret alone. */
const bySecretAlone = (token: string, secret: Buffer): string => {
  const bytes = Buffer.from(token, 'base64url')
  createHmac('sha256', secret).update(bytes.subarray(5, 25)).digest().copy(bytes, 25)
  return bytes.toString('base64url')
}

const takesAccess = async (url: string, key: KeyObject, row: Row): Promise<boolean> => {
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
  const { status } = await send(url, { path: '/sessions', headers: { authorization: `Bearer ${token}` } })
  return status === 200
}
