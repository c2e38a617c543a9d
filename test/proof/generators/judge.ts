// Judges a generated client, one column for each requirement, and makes the table of all clients.
import { isDeepStrictEqual } from 'node:util'
import type { Result } from '../proof.ts'
import type { Generator } from './catalogue.ts'
import type { Checked } from './client.ts'

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

export interface Client {
  readonly generator: Generator
  readonly folder: string
  readonly generated: { readonly succeeded: boolean; readonly unusual: readonly string[] }
  readonly checked?: Checked | undefined
  readonly journey?: any
}

type Verdict = Readonly<Record<string, string | undefined>>

/** @returns by column what is wrong; undefined where nothing is. A column is missing where the client did not get so
 * far. */
export const judge = ({ generated, checked, journey }: Client): Verdict => ({
  generated: judgeGenerated(generated),
  ...(checked && judgeChecked(checked)),
  ...(journey && judgeJourney(journey)),
})

const judgeGenerated = ({ succeeded, unusual }: Client['generated']): string | undefined => {
  if (succeeded && unusual.length === 0) return undefined
  return `${succeeded ? 'said' : 'failed, and said'}: ${unusual.join(' / ')}`
}

const judgeChecked = ({ errors, missing, mangled, wrongTypes }: Checked): Verdict => ({
  compiles: listed(errors.map(({ file, line, message }) => `${file}:${line + 1} ${message}`)),
  names: listed([...missing.map((name) => `no ${name}`), ...mangled.map((name) => `${name} instead`)]),
  types: wrongIn('types', wrongTypes),
  parameters: wrongIn('parameters', wrongTypes),
})

const wrongIn = (wanted: string, wrongTypes: Checked['wrongTypes']): string | undefined =>
  listed(wrongTypes.filter((each) => each?.column === wanted).map((each) => `not as in the contract: ${each?.subject}`))

const listed = (problems: readonly string[]): string | undefined =>
  problems.length > 0 ? problems.join('; ') : undefined

/** @returns by column what is wrong with the report of a journey */
const judgeJourney = (journey: any): Verdict => {
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

const counted = ['names', 'types', 'parameters'] as const
const isCounted = (column: string): column is (typeof counted)[number] => counted.some((each) => each === column)
const columns = ['generated', 'compiles', 'signup', 'token', 'protected', 'sessions', 'error', ...counted]

/** Describes a client. It has passed where every column is there and nothing is wrong. */
export const describeClient = (client: Client): Result => {
  const verdict = judge(client)
  const wrong = columns.filter((column) => !(column in verdict) || verdict[column] !== undefined)
  const complaints = wrong.map((column) => `${column}: ${verdict[column] ?? 'not reached'}`).join('. ')
  return { passed: wrong.length === 0, text: `${titleOf(client)}: ${complaints || praise(client.checked)}` }
}

const titleOf = ({ generator: { name, packages } }: Client): string => `${name} ${packages[name]}`

const praise = (checked?: Checked): string =>
  `no warnings, no errors in strict compilation${checked?.isRelaxed ? ' but for `exactOptionalPropertyTypes`' : ''}, ` +
  `${checked?.types} types, ${checked?.parameters} groups of parameters and ${checked?.names} names as in the contract; ` +
  'sign-up, log-in, greeting, sessions and three errors read'

export const tableOf = (clients: readonly Client[]): NonNullable<Result['table']> =>
  clients.map((client) => {
    const verdict = judge(client)
    const cells = columns.map((column): [string, string] => [column, cellOf(client, column, verdict)])
    return { generator: titleOf(client), ...Object.fromEntries(cells) }
  })

const cellOf = ({ checked }: Client, column: string, verdict: Verdict): string => {
  if (!(column in verdict)) return '-'
  if (verdict[column] !== undefined) return 'NO'
  if (column === 'compiles' && checked?.isRelaxed) return 'yes, not exact'
  if (checked && isCounted(column)) return String(checked[column])
  return 'yes'
}
