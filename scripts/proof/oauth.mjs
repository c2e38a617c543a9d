// OAuth client libraries that others wrote and use: each logs in, names itself in both ways of RFC 6749, 2.3.1 and
// not at all, reads what is protected, and has to report a wrong password and a bad token by its own means.
import { signUp } from './http-client.mjs'
import { findPython, openClients } from './oauth/clients.mjs'
import { startServer } from './server.mjs'
import { makeTwin } from './twin.mjs'

const account = { username: 'licat', password: 'a password of the proof' }
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

const isWrongPassword = ({ error }, { errorType }) =>
  error?.type === errorType && error.error === 'invalid_grant' && error.description === 'Incorrect username or password'

const isGreeting = ({ value }) => value?.message === `Hello ${account.username}! This is a protected route`
const isBadToken = ({ error }) => error?.status === 401 && error.error === 'invalid_token'

// What each library reports, by the names of oauth/run.mjs, and what is right.
const checks = [
  { key: 'form', column: 'client id in the form', isRight: isTokenFor(client.clientId) },
  { key: 'basic', column: 'client id by Basic', isRight: isTokenFor(client.clientId) },
  { key: 'without', column: 'without', isRight: isTokenFor('public') },
  { key: 'wrongForm', column: 'wrong password, form', isRight: isWrongPassword },
  { key: 'wrongBasic', column: 'wrong password, Basic', isRight: isWrongPassword },
  { key: 'protected', column: 'protected', isRight: isGreeting },
  { key: 'badToken', column: 'bad token', isRight: isBadToken },
]

// One thing broken in each, and the checks that have to see it, with every library.
const twins = [
  {
    file: 'operations/issue-token.js',
    from: 'username, clientId: form.client_id',
    to: 'username, clientId: undefined',
    keys: ['form', 'basic'],
  },
  { file: 'http/client-credentials.js', from: '...form, client_id: clientId', to: '...form', keys: ['basic'] },
  { file: 'sessions/sessions.js', from: "clientId = 'public'", to: "clientId = 'nobody'", keys: ['without'] },
  {
    file: 'http/problems.js',
    from: "status: 401, error: 'invalid_grant'",
    to: "status: 401, error: 'access_denied'",
    keys: ['wrongForm', 'wrongBasic'],
  },
  { file: 'operations/read-protected.js', from: 'Hello', to: 'Hullo', keys: ['protected'] },
  { file: 'http/problems.js', from: 'Bearer error="invalid_token"', to: 'Bearer', keys: ['badToken'] },
]

const remedy = 'apt-get install -y python3-authlib python3-requests-oauthlib'

export const prove = async () => {
  const python = findPython()
  if (python === undefined)
    return [{ passed: false, text: `no Python has authlib and requests_oauthlib: \`${remedy}\`` }]
  const { clients, remove } = openClients(python)
  const results = [describe(await runAll(clients, {}))]
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
  const server = await startServer({ script })
  await signUp(server.url, account)
  const rows = []
  for (const each of clients) {
    const report = await each.run({ url: server.url, ...account, ...client })
    const failed = checks.filter(({ key, isRight }) => !isRight(report[key], each)).map(({ key }) => key)
    rows.push({ name: each.name, version: each.version ?? report.version, report, failed })
  }
  await server.stop()
  return rows
}

const describe = (rows) => {
  const failures = rows.flatMap(({ name, report, failed }) =>
    failed.map((key) => `  ${name}, ${key}: ${JSON.stringify(report[key])}`),
  )
  const text = `${rows.length} OAuth clients pass ${checks.length} checks each`
  return { passed: failures.length === 0, text: [text, ...failures].join('\n'), table: rows.map(rowOf) }
}

const rowOf = ({ name, version, report, failed }) => ({
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
