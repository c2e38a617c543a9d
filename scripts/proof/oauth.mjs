// OAuth client libraries that others wrote and use: each logs in, names itself in both ways of RFC 6749, 2.3.1 and
// not at all, reads what is protected, and has to report a wrong password and a bad token by its own means; then it
// refreshes its tokens, also when it finds them expired, and revokes them.
import { signUp } from './http-client.mjs'
import { findPython, openClients } from './oauth/clients.mjs'
import { productionSettings, startServer } from './server.mjs'
import { makeTwin } from './twin.mjs'

const account = { username: 'licat', password: 'a password of the proof' }
// Two seconds: long enough to be used, short enough to wait for the end.
const shortLived = { ACCESS_TOKEN_EXPIRE_MINUTES: '0.034' }
// With a space, which the libraries spell differently.
const client = { clientId: 'proof client', clientSecret: 'a secret that nobody checks' }

/** A token of the account, for this client. */
const isTokenFor =
  (clientId) =>
  ({ value }) => {
    if (value === undefined) return false
    const claims = JSON.parse(Buffer.from(value.split('.')[1], 'base64url').toString())
    return claims.sub === account.username && claims.client_id === clientId
  }

const isInvalidGrant =
  (description) =>
  ({ error }, { errorType }) =>
    error?.type === errorType && error.error === 'invalid_grant' && error.description === description

const isWrongPassword = isInvalidGrant('Incorrect username or password')
const isDeadToken = isInvalidGrant('The refresh token is not valid')
const isDone = ({ value }) => value === 'revoked'

const isGreeting = ({ value }) => value?.message === `Hello ${account.username}! This is a protected route`
const isBadToken = ({ error }) => error?.status === 401 && error.error === 'invalid_token'

// What each library reports, by the names of oauth/run.mjs, and what is right.
const logInChecks = [
  { key: 'form', column: 'client id in the form', isRight: isTokenFor(client.clientId) },
  { key: 'basic', column: 'client id by Basic', isRight: isTokenFor(client.clientId) },
  { key: 'without', column: 'without', isRight: isTokenFor('public') },
  { key: 'wrongForm', column: 'wrong password, form', isRight: isWrongPassword },
  { key: 'wrongBasic', column: 'wrong password, Basic', isRight: isWrongPassword },
  { key: 'protected', column: 'protected', isRight: isGreeting },
  { key: 'badToken', column: 'bad token', isRight: isBadToken },
]
const sessionChecks = [
  { key: 'refresh', column: 'refresh', isRight: isTokenFor(client.clientId) },
  { key: 'revoke', column: 'revoke', isRight: isDone },
  { key: 'deadRefresh', column: 'refresh afterwards', isRight: isDeadToken },
  { key: 'expired', column: 'protected after expiry, by a refresh', isRight: isGreeting },
]
const allChecks = [...logInChecks, ...sessionChecks]

// One thing broken in each, and the checks that have to see it, with every library.
const twins = [
  {
    file: 'operations/issue-token.js',
    from: 'account, clientId: form.client_id',
    to: 'account, clientId: undefined',
    // A refresh names the client, which is another one then.
    keys: ['form', 'basic', 'refresh', 'expired'],
  },
  { file: 'http/client-credentials.js', from: '...form, client_id: clientId', to: '...form', keys: ['basic'] },
  { file: 'sessions/sessions.js', from: "clientId = 'public'", to: "clientId = 'nobody'", keys: ['without'] },
  {
    file: 'http/problems.js',
    from: "status: 401, error: 'invalid_grant'",
    to: "status: 401, error: 'access_denied'",
    keys: ['wrongForm', 'wrongBasic'],
  },
  { file: 'operations/read-protected.js', from: 'Hello', to: 'Hullo', keys: ['protected', 'expired'] },
  { file: 'http/problems.js', from: 'Bearer error="invalid_token"', to: 'Bearer', keys: ['badToken'] },
  {
    file: 'operations/issue-token.js',
    from: "body.grant_type === 'refresh_token'",
    to: 'false',
    keys: ['refresh', 'deadRefresh', 'expired'],
  },
  {
    file: 'http/problems.js',
    from: "status: 400, error: 'invalid_grant'",
    to: "status: 400, error: 'invalid_request'",
    keys: ['deadRefresh'],
  },
  { file: 'operations/revoke-token.js', from: 'status: 200', to: 'status: 400', keys: ['revoke'] },
  {
    file: 'sessions/sessions.js',
    from: 'await end(session, session.id, audit)',
    to: 'void session',
    keys: ['deadRefresh'],
  },
  {
    file: 'operations/issue-token.js',
    from: 'tokens.expiresInSeconds',
    to: 'tokens.expiresInSeconds + 60',
    keys: ['expired'],
  },
]

const remedy = 'apt-get install -y python3-authlib python3-requests-oauthlib'

export const prove = async () => {
  const python = findPython()
  if (python === undefined)
    return [{ passed: false, text: `no Python has authlib and requests_oauthlib: \`${remedy}\`` }]
  const { clients, remove } = openClients(python)
  const rows = await runAll(clients, {})
  const results = [describe(rows, logInChecks), describe(rows, sessionChecks)]
  for (const { file, from, to, keys } of twins) {
    const twin = makeTwin(file, from, to)
    results.push(judgeTwin(`${from} -> ${to}`, keys, await runAll(clients, twin)))
    twin.remove()
  }
  remove()
  return results
}

/** @returns for each client what it reports, and which checks it does not pass */
const runAll = async (clients, { script }) => {
  const servers = [
    await startServer({ script }),
    await startServer({ script, settings: { ...productionSettings(), ...shortLived } }),
  ]
  const [{ url }, { url: shortLivedUrl }] = servers
  for (const server of servers) await signUp(server.url, account)
  const rows = await Promise.all(
    clients.map(async (each) => {
      const report = await each.run({ url, shortLivedUrl, ...account, ...client })
      const failed = allChecks.filter(({ key, isRight }) => !isRight(report[key], each)).map(({ key }) => key)
      return { name: each.name, version: each.version ?? report.version, report, failed }
    }),
  )
  for (const server of servers) await server.stop()
  return rows
}

const describe = (rows, checks) => {
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

const rowOf = ({ name, version, report, failed }, checks) => ({
  client: `${name} ${version}`,
  ...Object.fromEntries(
    checks.map(({ key, column }) => [column, failed.includes(key) ? 'FAIL' : (saidOf(report[key]) ?? 'yes')]),
  ),
})

const saidOf = ({ error }) => error && `${error.error} by ${error.type}`

const judgeTwin = (name, keys, rows) => {
  const seen = rows.filter(({ failed }) => failed.join() === keys.join())
  const others = rows.filter((row) => !seen.includes(row)).map(({ name, failed }) => `${name}: ${failed.join(', ')}`)
  const text = `the twin \`${name}\` fails the checks ${keys.join(', ')} and no other, with ${seen.length} of ${rows.length} clients`
  return { passed: others.length === 0, text: [text, ...others].join('; ') }
}
