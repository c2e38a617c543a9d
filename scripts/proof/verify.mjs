// `sesame verify` passes the service and finds out what is broken: twins with one fault each, and the server of
// the chapter, which never promised this contract.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atExit } from './at-exit.mjs'
import { productionSettings, sesame, startServer } from './server.mjs'
import { makeTwin } from './twin.mjs'

const minChecks = 750
const maxSeconds = 30

const aliveAfterAll = [/the status must be 401, not 200/, /the status must be 400, not 200/]

// `rules` are those that the report must name; beyond these it may name those of `also`. Each check that fails must be
// one of `checks`.
const faults = [
  {
    name: 'an undeclared field',
    plant: ['operations/signup.js', "message: 'User created successfully'", "$&, passwordHash: 'x'"],
    rules: [/the member \/passwordHash is not declared/, /no answer was as the example shows/],
  },
  {
    name: 'a wrong status',
    plant: ['http/problems.js', "'invalid-body': { status: 422", "'invalid-body': { status: 400"],
    rules: [/the status must be 422, not 400/, /the body is not as declared: the member \/errors is not declared/],
    also: [/no answer had the status of the example/],
  },
  {
    name: 'a missing header',
    plant: ['http/headers.js', "'X-Content-Type-Options': 'nosniff',", ''],
    rules: [/the header X-Content-Type-Options is missing/],
  },
  {
    name: 'a wrong media type',
    plant: ['http/problems.js', "mediaType: 'application/problem+json'", "mediaType: 'application/json'"],
    rules: [/the media type application\/json is not declared/],
  },
  {
    name: 'a field of the wrong type',
    plant: [
      'operations/issue-token.js',
      'expires_in: tokens.expiresInSeconds',
      'expires_in: `${tokens.expiresInSeconds}`',
    ],
    rules: [/the member \/expires_in must be integer/],
    also: [/no answer was as the example shows/],
  },
  {
    name: 'an expired token accepted',
    plant: [
      'sessions/access-tokens.js',
      'audience, clockTimestamp }',
      'audience, clockTimestamp, ignoreExpiration: true }',
    ],
    settings: { ACCESS_TOKEN_EXPIRE_MINUTES: '0.05' },
    rules: [/the status must be 401, not 200/],
    // endSession takes the token, and looks for the session of the path among those of its account.
    also: [/the status must be 401, not 404/],
    checks: /: a token that has expired$/,
  },
  {
    name: 'a missing Allow',
    plant: ['http/problems.js', "...(allow === undefined ? [] : ['Allow', allow]),", ''],
    rules: [/the header Allow is missing/],
  },
  {
    name: 'a 500 on a long name',
    plant: [
      'accounts/usernames.js',
      'for (const form of',
      "if (username.length >= 64) throw new Error('too long');\n    $&",
    ],
    rules: [/the status must be from 200 to 299, not 500/],
    also: [/the status must be from 200 to 299, not 401/, /no answer was as the example shows/],
  },
  {
    name: 'an error without detail',
    plant: ['http/problems.js', 'detail: particulars.detail ?? detail,', ''],
    rules: [/the member \/detail is missing/, /no answer was as the example shows/],
    also: [/the answer must be as the example/],
  },
  {
    name: 'an unknown name that can be told from a wrong password',
    plant: [
      'accounts/accounts.js',
      "if (!account || match === 'wrong')",
      "if (!account) throw new Failure('incorrect-credentials', { detail: 'No such user' });\n            if (match === 'wrong')",
    ],
    rules: [/the answer must be as the example "incorrect" shows/],
  },
  {
    name: 'passwords that are cut off at 72 characters',
    plant: ['accounts/passwords.js', 'password.normalize', 'password.slice(0, 72).normalize'],
    rules: [/the status must be 401, not 200/],
  },
  {
    name: 'names that are given again in another spelling',
    plant: [
      'accounts/usernames.js',
      "username.normalize('NFKC').toLowerCase().normalize('NFKC')",
      'username.toLowerCase()',
    ],
    rules: [/the status must be 400, not 200/],
  },
  {
    name: 'a token answer that can be cached',
    plant: [
      'http/app.js',
      'send(ctx, state.response, commonHeaders(state));',
      `send(ctx, state.response, commonHeaders(state).filter((_, i, all) =>
          all[i - (i % 2)] !== 'Cache-Control' || ctx.path !== '/token' || state.response.status !== 200));`,
    ],
    rules: [/the header Cache-Control is missing/],
  },
  {
    name: 'scopes that nobody asks for',
    plant: ['http/bearer.js', 'needed.every((scope) => held.includes(scope))', 'needed.every(() => held)'],
    rules: [/the status must be 403, not 200/],
    also: [/no answer (had the status of|was as) the example/],
    checks: /: a token of all scopes but the one that is needed$|: the example "scope" of 403$/,
  },
  {
    name: 'a challenge that names another scope',
    plant: ['http/bearer.js', "(scopes[0] ?? []).join(' ')", "'account:read'"],
    rules: [/the header WWW-Authenticate must be Bearer error="insufficient_scope", scope="account:write"/],
    also: [/the header WWW-Authenticate must be Bearer error="insufficient_scope", scope="sessions:(read|write)"/],
    checks: /: a token of all scopes but the one that is needed$/,
  },
  {
    name: 'a refresh that may ask for more than the log-in',
    plant: ['sessions/sessions.js', 'grant(requested, scopesIn(session.scope))', 'grant(requested, scopes)'],
    rules: [/the status must be 400, not 200/, /the scope must be account:read, not account:read account:write/],
    checks: /^issueToken: (a refresh (beyond|that asks for no scope, after)|the same refresh token)/,
  },
  {
    name: 'sessions that outlive their account',
    plant: ['stores/memory/account-store.js', 'sessions.ofAccount(id).forEach(sessions.remove);', ''],
    rules: aliveAfterAll,
    checks: /, after deleteAccount$/,
  },
  {
    name: 'the name of a deleted account given out again',
    plant: ['stores/memory/account-store.js', 'accounts.set(id, undefined);', 'accounts.delete(id);'],
    rules: [/the status must be 400, not 200/],
    checks: /^signup: the name of an account that was deleted/,
  },
  {
    name: 'sessions that outlive a change of the password',
    plant: ['stores/memory/account-store.js', 'sessions.ofAccount(accountId).forEach(sessions.remove);', ''],
    rules: aliveAfterAll,
    checks: / of another session, after changePassword$/,
  },
  {
    name: 'a change of the password by who does not know it',
    plant: ['accounts/accounts.js', "(await passwords.verify(currentHash, current)) === 'wrong'", 'false'],
    rules: [/the status must be 403, not 200/, /no answer was as the example shows|no answer had the status/],
    checks: /^changePassword: (a wrong current password|the example "incorrect" of 403)$/,
  },
  {
    name: 'a change of the password that changes nothing',
    plant: [
      'stores/memory/account-store.js',
      'const changed = { ...account, passwordHash,',
      'const changed = { ...account,',
    ],
    rules: [/the status must be 401, not 200/, /the status must be from 200 to 299, not 401/],
    checks: /^issueToken: the (password of before|new password), after changePassword$/,
  },
  {
    name: 'sessions that anyone can end',
    plant: ['stores/memory/session-store.js', 'session?.accountId !== accountId', '!session'],
    rules: [/the status must be 404, not 200/, /the status must be from 200 to 299, not 401/],
    checks: /: (a session of another account|the access token of that session, after endSession by someone else)$/,
  },
  {
    name: 'an endSession that ends the session that asks',
    plant: ['operations/end-session.js', 'params.session_id', 'caller.sessionId'],
    rules: [
      /the status must be 404, not (200|401)/,
      /the status must be from 200 to 299, not 40[01]/,
      ...aliveAfterAll,
      /no answer had the status of the example/,
    ],
    checks:
      /, after endSession$|^endSession: (a path that leads|a session (of another|that has)|the example "unknown")/,
  },
  {
    name: 'an endSession that ends nothing',
    plant: ['operations/end-session.js', "(await sessions.end(caller, id, audit)) === 'unknown'", 'false'],
    rules: [/the status must be 404, not 200/, ...aliveAfterAll, /no answer had the status of the example/],
    checks:
      /another session, after endSession$|^endSession: (a path that leads|a session (of another|that has)|the example "unknown")/,
  },
  {
    name: 'an endOtherSessions that ends nothing',
    plant: ['stores/memory/session-store.js', 'others.forEach(sessions.remove);', ''],
    rules: aliveAfterAll,
    checks: / of another session, after endOtherSessions$/,
  },
  {
    name: 'a log-out that ends nothing',
    plant: ['operations/logout.js', 'await sessions.end(caller, caller.sessionId, audit);', ''],
    rules: aliveAfterAll,
    checks: / of the session that asks, after logout$/,
  },
  {
    name: 'a revocation that revokes nothing',
    plant: ['operations/revoke-token.js', 'await sessions.revoke(body.token, audit);', ''],
    rules: aliveAfterAll,
    checks: / of another session, after revokeToken with its (access|refresh) token$/,
  },
  {
    name: 'a page that begins with the last item of the one before',
    plant: [
      'stores/memory/session-store.js',
      'comparePlaces(after, session) < 0',
      'comparePlaces(after, session) <= 0',
    ],
    rules: [/an item must be on one page alone/],
    also: [/the list must end within 50 pages/, /each item of the whole list must be on a page/],
    checks: /^listSessions: pages of \d, beside the whole list$/,
  },
  {
    name: 'a page that begins an item too late',
    plant: ['sessions/sessions.js', 'const last = sessions.at(-1);', 'const last = found.at(-1);'],
    rules: [/each item of the whole list must be on a page/],
    checks: /^listSessions: pages of \d, beside the whole list$/,
  },
  {
    name: 'a limit that is ignored',
    plant: ['operations/list-sessions.js', 'Number(query.limit)', '100'],
    rules: [/a page must have at most 1 items, not 5/, /a page must have at most 2 items, not 5/],
    checks: /^listSessions: pages of \d, beside the whole list$/,
  },
  {
    name: 'a parameter that is refused by another status',
    plant: ['http/problems.js', "'invalid-parameter': { status: 400", "'invalid-parameter': { status: 404"],
    rules: [/the status must be 400, not 404/, /the status 404 is not declared for listSessions/],
    also: [/no answer (had the status of|was as) the example/],
    checks:
      /^(listSessions: an? (limit|cursor)|endSession: a session_id|(listSessions|endSession): the example "parameter")/,
  },
]

export const prove = async () => [
  await proveService('with the defaults of production', {}),
  await proveService('with tokens that expire within seconds', { ACCESS_TOKEN_EXPIRE_MINUTES: '0.05' }, true),
  ...(await inTurn(faults, proveFound)),
  await proveChapter(),
]

const inTurn = async (items, step) => {
  const results = []
  for (const item of items) results.push(await step(item))
  return results
}

const proveService = async (name, settings, isExpiryChecked = false) => {
  const report = await verifyServer({ settings: { ...productionSettings(), ...settings } })
  const passed =
    report.status === 0 &&
    report.failed === 0 &&
    report.checks >= minChecks &&
    report.seconds < maxSeconds &&
    report.text.includes('Expiry not checked') === !isExpiryChecked &&
    report.signedUp > 0 &&
    report.deleted === report.signedUp
  const text =
    `${name}: ${report.checks} checks (at least ${minChecks}), ${report.failed} failed, ${report.seconds} s ` +
    `(${maxSeconds} s); of ${report.signedUp} accounts ${report.deleted} are deleted`
  return { passed, text: passed ? text : `${text}\n${report.text}` }
}

const proveFound = async ({ name, plant: [file, original, replacement], settings, rules, also = [], checks = /./ }) => {
  const twin = makeTwin(file, original, replacement.replace('$&', original))
  const report = await verifyServer({ script: twin.script, settings: { ...productionSettings(), ...settings } })
  twin.remove()
  const missed = rules.filter((rule) => !report.rules.some(({ text }) => rule.test(text)))
  const others = report.rules.filter(({ text }) => ![...rules, ...also].some((rule) => rule.test(text)))
  const strays = report.failures.filter((check) => !checks.test(check))
  const passed = report.status === 1 && [missed, others, strays].every(({ length }) => length === 0)
  const found = report.rules.map(({ times, text }) => `${times} x "${text}"`).join(', ')
  return {
    passed,
    text:
      `the twin with ${name} is found out: ${report.failed} of ${report.checks} checks failed: ${found}` +
      (passed ? '' : `; missed: ${missed.join(', ')}; none of the checks meant for it: ${strays.join(', ')}`),
  }
}

// What the chapter's server does differently on purpose or by nature; of all that, these must be named.
const chapterDifferences = [
  'the header X-Request-Id is missing',
  'the header Cache-Control is missing',
  'the header WWW-Authenticate is missing',
  'the media type application/json is not declared',
  'the body is not as declared: the member /expires_in is missing; the member /refresh_token is missing; the member /scope is missing',
  'the body is not as declared: the member /error is missing; the member /error_description is missing',
  'the status 422 is not declared for issueToken',
  'the status must be 422, not 200',
  'the status must be 415, not 422',
  'the status must be 413, not 200',
  'the status must be 204, not 405',
]

const proveChapter = async () => {
  const server = await startChapter()
  const report = await runVerify(server.url)
  await server.stop()
  const missed = chapterDifferences.filter((rule) => !report.rules.some(({ text }) => text === rule))
  const passed = report.status === 1 && missed.length === 0
  return {
    passed,
    text:
      `the chapter's own server differs in ${report.failed} of ${report.checks} checks, by ${report.rules.length} rules` +
      (passed ? '' : `; not named: ${missed.join(', ')}`),
  }
}

const verifyServer = async (options) => {
  const server = await startServer(options)
  const report = await runVerify(server.url)
  await server.stop()
  return report
}

/** Runs the command, and reads what it says. */
const runVerify = async (url) => {
  const child = spawn(process.execPath, [sesame, 'verify', url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = atExit(() => child.kill('SIGKILL'))
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  const [status] = await once(child, 'close')
  kill()
  const [, checks, seconds, failed] = /^(\d+) checks of .* in ([\d.]+) s: \d+ passed, (\d+) failed/m.exec(text) ?? []
  const [, signedUp, deleted] = /^Signed up (\d+) accounts .*; deleted (\d+) of them/m.exec(text) ?? []
  const rules = [...(text.split('times  broken rule\n')[1] ?? '').matchAll(/^ *(\d+) {2}(.+)$/gm)]
  return {
    status,
    text,
    checks: Number(checks),
    signedUp: Number(signedUp),
    deleted: Number(deleted),
    seconds: Number(seconds),
    failed: Number(failed),
    failures: [...text.matchAll(/^FAILED {2}(.+)$/gm)].map(([, check]) => check),
    rules: rules.map(([, times, rule]) => ({ times, text: rule })),
  }
}

/** The server of the chapter, by the packages of the system's Python. */
const startChapter = async () => {
  const folder = fileURLToPath(new URL('chapter', import.meta.url))
  const python = process.platform === 'win32' ? 'python' : '/usr/bin/python3'
  const words = ['-B', '-m', 'uvicorn', '--app-dir', join(folder), '--port', '0', 'server:app']
  const child = spawn(python, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = atExit(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit').catch(() => undefined)
  const url = await new Promise((resolve, reject) => {
    let said = ''
    const fail = () =>
      reject(
        new Error(
          `The chapter's server needs Python with FastAPI: apt-get install -y python3-fastapi python3-uvicorn python3-jose python3-multipart\n${said}`,
        ),
      )
    child.once('error', fail)
    child.once('exit', fail)
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      const found = /running on (http:\/\/\S+)/.exec(said)?.[1]
      if (found) resolve(found)
    })
  })
  return {
    url,
    stop: async () => {
      kill()
      await exited
    },
  }
}
