// Uses the service by OAuth client libraries. Each logs in, with both client authentications of RFC 6749, 2.3.1 and
// without any. It reads /protected, and must report a wrong password and a bad token in its own way. Then it refreshes
// tokens, also after their expiry, and revokes them.
import { productionSettings, startServer } from '../support/process.ts'
import { defineFault, type Fault, withFault } from '../support/planted-fault.ts'
import { claimsOf, plainClient, signUp } from '../support/http.ts'
import type { Prove, Result } from './proof.ts'
import { type Client, findPython, openClients, type Report, type Said } from './oauth/clients.ts'

const account = { username: 'licat', password: 'a password of the proof' }
// Two seconds are enough to use a token, and short enough to wait for its expiry.
const shortLived = { ACCESS_TOKEN_EXPIRE_MINUTES: '0.034' }
// The libraries encode the space in different ways.
const client = { clientId: 'proof client', clientSecret: 'a secret that nobody checks' }

/** Whether the library reports an access token of the account for this client. */
const isTokenFor =
  (clientId: string) =>
  ({ value }: Said): boolean => {
    if (value === undefined) return false
    const claims = claimsOf(value)
    return claims.sub === account.username && claims.client_id === clientId
  }

const isInvalidGrant =
  (description: string) =>
  ({ error }: Said, { errorType }: Client): boolean =>
    error?.type === errorType && error.error === 'invalid_grant' && error.description === description

const isWrongPassword = isInvalidGrant('Incorrect username or password')
const isDeadToken = isInvalidGrant('The refresh token is not valid')
const isDone = ({ value }: Said): boolean => value === 'revoked'

const isGreeting = ({ value }: Said): boolean =>
  value?.message === `Hello ${account.username}! This is a protected route`
const isBadToken = ({ error }: Said): boolean => error?.status === 401 && error.error === 'invalid_token'

/** A check by its key in the report of oauth/program/run.mjs. */
interface Check {
  readonly key: string
  readonly column: string
  readonly isRight: (said: Said, client: Client) => boolean
}

const logInChecks: readonly Check[] = [
  { key: 'form', column: 'client id in the form', isRight: isTokenFor(client.clientId) },
  { key: 'basic', column: 'client id by Basic', isRight: isTokenFor(client.clientId) },
  { key: 'without', column: 'without', isRight: isTokenFor('public') },
  { key: 'wrongForm', column: 'wrong password, form', isRight: isWrongPassword },
  { key: 'wrongBasic', column: 'wrong password, Basic', isRight: isWrongPassword },
  { key: 'protected', column: 'protected', isRight: isGreeting },
  { key: 'badToken', column: 'bad token', isRight: isBadToken },
]
const sessionChecks: readonly Check[] = [
  { key: 'refresh', column: 'refresh', isRight: isTokenFor(client.clientId) },
  { key: 'revoke', column: 'revoke', isRight: isDone },
  { key: 'deadRefresh', column: 'refresh afterwards', isRight: isDeadToken },
  { key: 'expired', column: 'protected after expiry, by a refresh', isRight: isGreeting },
]
const allChecks = [...logInChecks, ...sessionChecks]

// Each twin has one fault. With every library, exactly its keys must fail.
const breakText = (file: string, from: string, to: string): Fault => defineFault(`${from} -> ${to}`, file, from, to)

const twins: readonly { readonly fault: Fault; readonly keys: readonly string[] }[] = [
  {
    // The token belongs to another client, so that a refresh by the right one fails, too.
    fault: breakText('operations/issue-token.ts', 'account, clientId: form.client_id', 'account, clientId: undefined'),
    keys: ['form', 'basic', 'refresh', 'expired'],
  },
  {
    fault: breakText('http/client-credentials.ts', '...form, client_id: clientId', '...form'),
    keys: ['basic'],
  },
  {
    fault: breakText('sessions/sessions.ts', "clientId = 'public'", "clientId = 'nobody'"),
    keys: ['without'],
  },
  {
    fault: breakText('http/problems.ts', "status: 401, error: 'invalid_grant'", "status: 401, error: 'access_denied'"),
    keys: ['wrongForm', 'wrongBasic'],
  },
  {
    fault: breakText('operations/read-protected.ts', 'Hello', 'Hullo'),
    keys: ['protected', 'expired'],
  },
  {
    fault: breakText('http/problems.ts', 'Bearer error="invalid_token"', 'Bearer'),
    keys: ['badToken'],
  },
  {
    fault: breakText('operations/issue-token.ts', "body.grant_type === 'refresh_token'", 'false'),
    keys: ['refresh', 'deadRefresh', 'expired'],
  },
  {
    fault: breakText(
      'http/problems.ts',
      "status: 400, error: 'invalid_grant'",
      "status: 400, error: 'invalid_request'",
    ),
    keys: ['deadRefresh'],
  },
  {
    fault: breakText('operations/revoke-token.ts', 'status: 200', 'status: 400'),
    keys: ['revoke'],
  },
  {
    fault: breakText('sessions/sessions.ts', 'await end(session, session.id, audit)', 'void session'),
    keys: ['deadRefresh'],
  },
  {
    fault: breakText('operations/issue-token.ts', 'tokens.expiresInSeconds', 'tokens.expiresInSeconds + 60'),
    keys: ['expired'],
  },
]

const remedy = 'apt-get install -y python3-authlib python3-requests-oauthlib'

export const prove: Prove = async () => {
  const python = findPython()
  if (python === undefined)
    return [{ passed: false, text: `no Python has authlib and requests_oauthlib: \`${remedy}\`` }]
  const clients = openClients(python)
  const rows = await runAll(clients)
  const results = [describe(rows, logInChecks), describe(rows, sessionChecks)]
  for (const { fault, keys } of twins) {
    const rows = await withFault(fault, (script) => runAll(clients, script))
    results.push(judgeTwin(fault.name, keys, rows))
  }
  return results
}

/** @returns the report of each client, and the checks that it does not pass */
const runAll = async (clients: readonly Client[], script?: string) => {
  const usual = await startServer({ script })
  const short = await startServer({ script, settings: { ...productionSettings(), ...shortLived } })
  const servers = [usual, short]
  for (const { url } of servers) await signUp(plainClient(url), account.username, account.password)
  const rows = await Promise.all(
    clients.map(async (each) => {
      const report = await each.run({ url: usual.url, shortLivedUrl: short.url, ...account, ...client })
      const failed = allChecks.filter(({ key, isRight }) => !isRight(saidOf(report, key), each)).map(({ key }) => key)
      return { name: each.name, version: each.version ?? String(report.version), report, failed }
    }),
  )
  for (const server of servers) await server.stop()
  return rows
}

type Row = Awaited<ReturnType<typeof runAll>>[number]

const describe = (rows: readonly Row[], checks: readonly Check[]): Result => {
  const failures = rows.flatMap(({ name, report, failed }) =>
    checks
      .filter(({ key }) => failed.includes(key))
      .map(({ key }) => `  ${name}, ${key}: ${JSON.stringify(report[key])}`),
  )
  const text = `${rows.length} OAuth clients pass ${checks.length} checks each`
  return {
    passed: failures.length === 0,
    text: [text, ...failures].join('\n'),
    table: rows.map((row) => rowOf(row, checks)),
  }
}

const rowOf = ({ name, version, report, failed }: Row, checks: readonly Check[]) => ({
  client: `${name} ${version}`,
  ...Object.fromEntries(
    checks.map(({ key, column }) => [column, failed.includes(key) ? 'FAIL' : errorOf(saidOf(report, key))]),
  ),
})

const saidOf = (report: Report, key: string): Said => report[key] ?? {}
const errorOf = ({ error }: Said): string => (error ? `${error.error} by ${error.type}` : 'yes')

const judgeTwin = (name: string, keys: readonly string[], rows: readonly Row[]): Result => {
  const seen = rows.filter(({ failed }) => failed.join() === keys.join())
  const others = rows.filter((row) => !seen.includes(row)).map(({ name, failed }) => `${name}: ${failed.join(', ')}`)
  const text = `the twin \`${name}\` fails the checks ${keys.join(', ')} and no other, with ${seen.length} of ${rows.length} clients`
  return { passed: others.length === 0, text: [text, ...others].join('; ') }
}
