// What is asked of a generated client, one column each, and the table of the answers.
import { isDeepStrictEqual } from 'node:util'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const firstSignup = { status: 200, message: 'User created successfully', requestId: true }
const sessions = {
  listed: [
    { sessions: 1, isLast: false },
    { sessions: 1, isLast: true },
  ],
  ended: { message: 'Session ended' },
}
const errors = {
  taken: { status: 400, code: 'username-taken', detail: 'Username already exists' },
  refused: { status: 401, error: 'invalid_grant' },
  forbidden: {
    status: 403,
    code: 'insufficient-scope',
    challenge: 'Bearer error="insufficient_scope", scope="sessions:read"',
  },
}

/** @returns by column what is wrong, undefined where nothing is; no column where it could not come to that */
export const judge = ({ generated, checked, journey }) => ({
  generated: judgeGenerated(generated),
  ...(checked && judgeChecked(checked)),
  ...(journey && judgeJourney(journey)),
})

const judgeGenerated = ({ succeeded, unusual }) => {
  if (succeeded && unusual.length === 0) return undefined
  return `${succeeded ? 'said' : 'failed, and said'}: ${unusual.join(' / ')}`
}

const judgeChecked = ({ errors, missing, mangled, wrongTypes }) => ({
  compiles: listed(errors.map(({ file, line, message }) => `${file}:${line + 1} ${message}`)),
  names: listed([...missing.map((name) => `no ${name}`), ...mangled.map((name) => `${name} instead`)]),
  types: wrongIn('types', wrongTypes),
  parameters: wrongIn('parameters', wrongTypes),
})

const wrongIn = (wanted, wrongTypes) =>
  listed(
    wrongTypes.filter(({ column }) => column === wanted).map(({ subject }) => `not as in the contract: ${subject}`),
  )

const listed = (problems) => (problems.length > 0 ? problems.join('; ') : undefined)

/** @returns by column what is wrong with what a journey told */
export const judgeJourney = (journey) => {
  const { username, created, loggedIn, greeted, listed, ended, taken, refused, forbidden, error } = journey
  if (error) return { signup: `the journey ended by ${error}` }
  const asked = {
    signup: [{ ...created, requestId: uuid.test(created.requestId) }, firstSignup],
    token: [loggedIn, { token_type: 'bearer', expires_in: 1800 }],
    protected: [greeted, { message: `Hello ${username}! This is a protected route` }],
    sessions: [{ listed, ended }, sessions],
    error: [{ taken, refused, forbidden }, errors],
  }
  return Object.fromEntries(
    Object.entries(asked).map(([column, [found, wanted]]) => [
      column,
      isDeepStrictEqual(found, wanted) ? undefined : `told ${JSON.stringify(found)}`,
    ]),
  )
}

const counted = ['names', 'types', 'parameters']
const columns = ['generated', 'compiles', 'signup', 'token', 'protected', 'sessions', 'error', ...counted]

/** A line for the proof: passed if every column is there and nothing is wrong in it. */
export const describeClient = (client) => {
  const verdict = judge(client)
  const wrong = columns.filter((column) => !(column in verdict) || verdict[column] !== undefined)
  const complaints = wrong.map((column) => `${column}: ${verdict[column] ?? 'not reached'}`).join('. ')
  return { passed: wrong.length === 0, text: `${titleOf(client)}: ${complaints || praise(client)}` }
}

const titleOf = ({ generator: { name, packages } }) => `${name} ${packages[name]}`

const praise = ({ checked }) =>
  `no warnings, no errors in strict compilation${checked.isRelaxed ? ' but for `exactOptionalPropertyTypes`' : ''}, ` +
  `${checked.types} types, ${checked.parameters} groups of parameters and ${checked.names} names as in the contract; ` +
  'sign-up, log-in, greeting, sessions and three errors read'

export const tableOf = (clients) =>
  clients.map((client) => {
    const verdict = judge(client)
    const cells = columns.map((column) => [column, cellOf(client, column, verdict)])
    return { generator: titleOf(client), ...Object.fromEntries(cells) }
  })

const cellOf = ({ checked }, column, verdict) => {
  if (!(column in verdict)) return '-'
  if (verdict[column] !== undefined) return 'NO'
  if (column === 'compiles' && checked.isRelaxed) return 'yes, not exact'
  if (counted.includes(column)) return `${checked[column]}`
  return 'yes'
}
