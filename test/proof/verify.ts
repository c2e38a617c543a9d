// `sesame verify` passes the service. It finds the faults that a proxy plants in responses, the fault of each faulty
// build, and the differences of the chapter's server, which does not follow this contract.
import { join } from 'node:path'
import { json, type Passing, startFront } from '../support/faulty-front.ts'
import { defineFault, type Fault, withFault } from '../support/planted-fault.ts'
import { isWindows } from '../support/platforms.ts'
import {
  emptyFolder,
  type Environment,
  main,
  productionSettings,
  root,
  runProgram,
  type ServerOptions,
  startProgram,
  startServer,
  systemEnvironment,
} from '../support/process.ts'
import type { Prove, Result } from './proof.ts'

const minChecks = 750
const maxSeconds = 30

const aliveAfterAll = [/the status must be 401, not 200/, /the status must be 400, not 200/]

interface Expected {
  /** The report must name these rules. */
  readonly rules: readonly RegExp[]
  /** The report may name these rules, too. */
  readonly also?: readonly RegExp[]
  /** The name of each failed check must match this. */
  readonly checks?: RegExp
}

interface VisibleFault extends Expected {
  readonly name: string
  readonly plant: (passing: Passing) => unknown
}

interface HiddenFault extends Expected {
  readonly fault: Fault
  readonly settings?: Environment
}

const isProblem = ({ headers }: Passing): boolean => /problem\+json/.test(String(headers['content-type']))
const hasCode = ({ body }: Passing, code: string): boolean => body.includes(`"code":"${code}"`)

const visibleFaults: readonly VisibleFault[] = [
  {
    name: 'an undeclared field',
    plant: (passing) =>
      passing.request.url?.startsWith('/signup') &&
      passing.status === 200 &&
      json(passing, (members) => (members.passwordHash = 'x')),
    rules: [/the member \/passwordHash is not declared/, /no response equalled the example/],
  },
  {
    name: 'a wrong status',
    plant: (passing) => hasCode(passing, 'invalid-body') && (passing.status = 400),
    rules: [
      /the status must be 422, not 400/,
      /the body does not match its schema: the member \/errors is not declared/,
    ],
    also: [/no response had the status of the example/],
  },
  {
    name: 'a missing header',
    plant: ({ headers }) => delete headers['x-content-type-options'],
    rules: [/the header X-Content-Type-Options is missing/],
  },
  {
    name: 'a wrong media type',
    plant: (passing) => isProblem(passing) && (passing.headers['content-type'] = 'application/json'),
    rules: [/the media type application\/json is not declared/],
  },
  {
    name: 'a field of the wrong type',
    plant: (passing) =>
      json(passing, (members) => members.expires_in && (members.expires_in = String(members.expires_in))),
    rules: [/the member \/expires_in must be integer/],
    also: [/no response equalled the example/],
  },
  {
    name: 'a missing Allow',
    plant: ({ headers }) => delete headers.allow,
    rules: [/the header Allow is missing/],
  },
  {
    name: 'an error without detail',
    plant: (passing) => json(passing, (members) => delete members.detail),
    rules: [/the member \/detail is missing/, /no response equalled the example/],
    also: [/the response must equal the example/],
  },
  {
    name: 'a token response that can be cached',
    plant: ({ request, status, headers }) =>
      request.url === '/token' && status === 200 && delete headers['cache-control'],
    rules: [/the header Cache-Control is missing/],
  },
  {
    name: 'a challenge that names another scope',
    plant: ({ status, headers }) =>
      status === 403 &&
      headers['www-authenticate'] !== undefined &&
      (headers['www-authenticate'] = 'Bearer error="insufficient_scope", scope="account:read"'),
    rules: [/the header WWW-Authenticate must be Bearer error="insufficient_scope", scope="account:write"/],
    also: [/the header WWW-Authenticate must be Bearer error="insufficient_scope", scope="sessions:(read|write)"/],
    checks: /: a token with all scopes except the required one$/,
  },
  {
    name: 'a parameter that is refused by another status',
    plant: (passing) => hasCode(passing, 'invalid-parameter') && (passing.status = 404),
    rules: [/the status must be 400, not 404/, /the status 404 is not declared for listSessions/],
    also: [/no response (had the status of|equalled) the example/],
    checks:
      /^(listSessions: an? (limit|cursor)|endSession: a session_id|(listSessions|endSession): the example "parameter")/,
  },
]

const hiddenFaults: readonly HiddenFault[] = [
  {
    fault: defineFault(
      'an expired token accepted',
      'sessions/access-tokens.ts',
      'audience, clockTimestamp }',
      'audience, clockTimestamp, ignoreExpiration: true }',
    ),
    settings: { ACCESS_TOKEN_EXPIRE_MINUTES: '0.05' },
    rules: [/the status must be 401, not 200/],
    // endSession accepts the token, and does not find the session of the path in its account.
    also: [/the status must be 401, not 404/],
    checks: /: an expired token$/,
  },
  {
    fault: defineFault(
      'a 500 on a long name',
      'accounts/usernames.ts',
      'for (const form of',
      "if (username.length >= 64) throw new Error('too long');\n    $&",
    ),
    rules: [/the status must be from 200 to 299, not 500/],
    also: [/the status must be from 200 to 299, not 401/, /no response equalled the example/],
  },
  {
    fault: defineFault(
      'an unknown name that can be told from a wrong password',
      'accounts/accounts.ts',
      "if (!account || match === 'wrong')",
      "if (!account) throw new Failure('incorrect-credentials', { detail: 'No such user' });\n            if (match === 'wrong')",
    ),
    rules: [/the response must equal the example "incorrect"/],
  },
  {
    fault: defineFault(
      'passwords that are cut off at 72 characters',
      'accounts/passwords.ts',
      'password.normalize',
      'password.slice(0, 72).normalize',
    ),
    rules: [/the status must be 401, not 200/],
  },
  {
    fault: defineFault(
      'names that are given again in another spelling',
      'accounts/usernames.ts',
      "username.normalize('NFKC').toLowerCase().normalize('NFKC')",
      'username.toLowerCase()',
    ),
    rules: [/the status must be 400, not 200/],
  },
  {
    fault: defineFault(
      'scopes that nobody asks for',
      'http/bearer.ts',
      'needed.every((scope) => held.includes(scope))',
      'needed.every(() => held)',
    ),
    rules: [/the status must be 403, not 200/],
    also: [/no response (had the status of|equalled) the example/],
    checks: /: a token with all scopes except the required one$|: the example "scope" of 403$/,
  },
  {
    fault: defineFault(
      'a refresh that may ask for more than the log-in',
      'sessions/sessions.ts',
      'grant(requested, scopesIn(session.scope))',
      'grant(requested, scopes)',
    ),
    rules: [/the status must be 400, not 200/, /the scope must be account:read, not account:read account:write/],
    checks: /^issueToken: (a refresh (beyond|that requests no scope, after)|the same refresh token)/,
  },
  {
    fault: defineFault(
      'sessions that outlive their account',
      'stores/memory/account-store.ts',
      'sessions.ofAccount(id).forEach(sessions.remove)',
      '',
    ),
    rules: aliveAfterAll,
    checks: /, after deleteAccount$/,
  },
  {
    fault: defineFault(
      'the name of a deleted account given out again',
      'stores/memory/account-store.ts',
      'accounts.set(id, undefined)',
      'accounts.delete(id)',
    ),
    rules: [/the status must be 400, not 200/],
    checks: /^signup: the name of a deleted account/,
  },
  {
    fault: defineFault(
      'sessions that outlive a change of the password',
      'stores/memory/account-store.ts',
      'sessions.ofAccount(accountId).forEach(sessions.remove)',
      '',
    ),
    rules: aliveAfterAll,
    checks: / of another session, after changePassword$/,
  },
  {
    fault: defineFault(
      'a change of the password by who does not know it',
      'accounts/accounts.ts',
      "(await passwords.verify(currentHash, current)) === 'wrong'",
      'false',
    ),
    rules: [/the status must be 403, not 200/, /no response equalled the example|no response had the status/],
    checks: /^changePassword: (a wrong current password|the example "incorrect" of 403)$/,
  },
  {
    fault: defineFault(
      'a change of the password that changes nothing',
      'stores/memory/account-store.ts',
      'const changed = { ...account, passwordHash,',
      'const changed = { ...account,',
    ),
    rules: [/the status must be 401, not 200/, /the status must be from 200 to 299, not 401/],
    checks: /^issueToken: the (old|new) password, after changePassword$/,
  },
  {
    fault: defineFault(
      'sessions that anyone can end',
      'stores/memory/session-store.ts',
      'session?.accountId !== accountId',
      '!session',
    ),
    rules: [/the status must be 404, not 200/, /the status must be from 200 to 299, not 401/],
    checks: /: (a session of another account|the access token of that session, after endSession by another account)$/,
  },
  {
    fault: defineFault(
      'an endSession that ends the session that asks',
      'operations/end-session.ts',
      'params.session_id',
      'caller.sessionId',
    ),
    rules: [
      /the status must be 404, not (200|401)/,
      /the status must be from 200 to 299, not 40[01]/,
      ...aliveAfterAll,
      /no response had the status of the example/,
    ],
    checks:
      /, after endSession$|^endSession: (a resource that does|a session (of another|that has)|the example "unknown")/,
  },
  {
    fault: defineFault(
      'an endSession that ends nothing',
      'operations/end-session.ts',
      "(await sessions.end(caller, id, audit)) === 'unknown'",
      'false',
    ),
    rules: [/the status must be 404, not 200/, ...aliveAfterAll, /no response had the status of the example/],
    checks:
      /another session, after endSession$|^endSession: (a resource that does|a session (of another|that has)|the example "unknown")/,
  },
  {
    fault: defineFault(
      'an endOtherSessions that ends nothing',
      'stores/memory/session-store.ts',
      'others.forEach(sessions.remove)',
      '',
    ),
    rules: aliveAfterAll,
    checks: / of another session, after endOtherSessions$/,
  },
  {
    fault: defineFault(
      'a log-out that ends nothing',
      'operations/logout.ts',
      'await sessions.end(caller, caller.sessionId, audit)',
      '',
    ),
    rules: aliveAfterAll,
    checks: / of the calling session, after logout$/,
  },
  {
    fault: defineFault(
      'a revocation that revokes nothing',
      'operations/revoke-token.ts',
      'await sessions.revoke(body.token, audit)',
      '',
    ),
    rules: aliveAfterAll,
    checks: / of another session, after revokeToken with its (access|refresh) token$/,
  },
  {
    fault: defineFault(
      'a page that begins with the last item of the one before',
      'stores/memory/session-store.ts',
      'comparePositions(after, session) < 0',
      'comparePositions(after, session) <= 0',
    ),
    rules: [/an item must be on one page only/],
    also: [/the list must end within 50 pages/, /each item of the whole list must be on a page/],
    checks: /^listSessions: pages of \d, compared with the whole list$/,
  },
  {
    fault: defineFault(
      'a page that begins an item too late',
      'sessions/sessions.ts',
      'const last = sessions.at(-1)',
      'const last = found.at(-1)',
    ),
    rules: [/each item of the whole list must be on a page/],
    checks: /^listSessions: pages of \d, compared with the whole list$/,
  },
  {
    fault: defineFault('a limit that is ignored', 'operations/list-sessions.ts', 'Number(query.limit)', '100'),
    rules: [/a page must have at most 1 items, not 5/, /a page must have at most 2 items, not 5/],
    checks: /^listSessions: pages of \d, compared with the whole list$/,
  },
]

export const prove: Prove = async () => {
  const results = [
    await proveService('with the defaults of production', {}),
    await proveService('with tokens that expire within seconds', { ACCESS_TOKEN_EXPIRE_MINUTES: '0.05' }, true),
  ]
  const server = await startServer()
  for (const { name, plant, ...expected } of visibleFaults) {
    const report = await runVerify(await startFront(server.url, plant), '--behind-proxy')
    results.push(judgeFound(`the proxy with ${name}`, report, expected))
  }
  await server.stop()
  for (const { fault, settings, ...expected } of hiddenFaults) {
    const report = await withFault(fault, (script) =>
      verifyServer({ script, settings: { ...productionSettings(), ...settings } }),
    )
    results.push(judgeFound(`the twin with ${fault.name}`, report, expected))
  }
  return [...results, await proveChapter()]
}

const proveService = async (name: string, settings: Environment, isExpiryChecked = false): Promise<Result> => {
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

const judgeFound = (name: string, report: Report, { rules, also = [], checks = /./ }: Expected): Result => {
  const missed = rules.filter((rule) => !report.rules.some(({ text }) => rule.test(text)))
  const others = report.rules.filter(({ text }) => ![...rules, ...also].some((rule) => rule.test(text)))
  const strays = report.failures.filter((check) => !checks.test(check))
  const passed = report.status === 1 && [missed, others, strays].every(({ length }) => length === 0)
  const found = report.rules.map(({ times, text }) => `${times} x "${text}"`).join(', ')
  return {
    passed,
    text:
      `${name} is found out: ${report.failed} of ${report.checks} checks failed: ${found}` +
      (passed ? '' : `; missed: ${missed.join(', ')}; none of the checks meant for it: ${strays.join(', ')}`),
  }
}

// The report must name these differences of the chapter's server. There are more.
const chapterDifferences = [
  'the header X-Request-Id is missing',
  'the header Cache-Control is missing',
  'the header WWW-Authenticate is missing',
  'the media type application/json is not declared',
  'the body does not match its schema: the member /expires_in is missing; the member /refresh_token is missing; the member /scope is missing',
  'the body does not match its schema: the member /error is missing; the member /error_description is missing',
  'the status 422 is not declared for issueToken',
  'the status must be 422, not 200',
  'the status must be 415, not 422',
  'the status must be 413, not 200',
  'the status must be 204, not 405',
]

const proveChapter = async (): Promise<Result> => {
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

const verifyServer = async (options: ServerOptions): Promise<Report> => {
  const server = await startServer(options)
  const report = await runVerify(server.url)
  await server.stop()
  return report
}

type Report = Awaited<ReturnType<typeof runVerify>>

/** Runs `sesame verify`, and reads its report. */
const runVerify = async (url: string, ...options: readonly string[]) => {
  const { status, stdout: text } = await runProgram(process.execPath, [main, 'verify', url, ...options], {
    cwd: emptyFolder(),
    env: systemEnvironment(),
  })
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
    failures: [...text.matchAll(/^FAILED {2}(.+)$/gm)].map(([, check = '']) => check),
    rules: rules.map(([, times = '', rule = '']) => ({ times, text: rule })),
  }
}

const chapterRemedy = 'apt-get install -y python3-fastapi python3-uvicorn python3-jose python3-multipart'

/** Starts the server of the chapter with the packages of the system's Python. */
const startChapter = async () => {
  const folder = join(root, 'test', 'proof', 'chapter')
  const python = isWindows ? 'python' : '/usr/bin/python3'
  const { says, stop } = startProgram(python, ['-B', '-m', 'uvicorn', '--app-dir', folder, '--port', '0', 'server:app'])
  const found = await says(/running on (http:\/\/\S+)/).catch((error: unknown) => {
    throw new Error(`The chapter's server needs Python with FastAPI: ${chapterRemedy}`, { cause: error })
  })
  return { url: found?.[1] ?? '', stop }
}
