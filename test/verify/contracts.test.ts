import { expect, test } from '@jest/globals'
import { type RunningService, startService } from '../support/service.ts'
import { copyOf, document, failuresOf, only, rulesOf, run, titlesOf } from '../support/verification.ts'

const accountPaths = ['/signup', '/token', '/account']

/** Runs some paths of a contract against a service of that contract. */
const runAgainstItself = async (
  contract: any,
  paths: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) => {
  const service: RunningService = await startService({ document: contract, environment })
  const verification = await run(service.url, { document: only(contract, ...paths), isBehindProxy: false })
  await service.stop()
  return verification
}

test('every kind of member and of parameter is tried, as its schema has it', async () => {
  const wider = copyOf(document)
  Object.assign(wider.components.schemas.SignupRequest.properties, {
    age: { type: 'integer', minimum: 1, maximum: 150, example: 7 },
    colour: { type: 'string', minLength: 3, maxLength: 5, pattern: '^[a-z]+$', example: 'red' },
    isNew: { type: 'boolean', example: true },
    tags: { type: 'array', items: { type: 'string' }, example: ['a'] },
  })
  wider.paths['/account'].parameters = [
    { name: 'shade', in: 'query', required: true, schema: { type: 'string', enum: ['light', 'dark'] } },
    { name: 'ratio', in: 'query', schema: { type: 'number', minimum: 0.5, maximum: 2, default: 1 } },
    { name: 'isBrief', in: 'query', schema: { type: 'boolean' }, example: true },
    { name: 'note', in: 'query', schema: { type: 'string', maxLength: 20_000 } },
  ]
  const { results } = await runAgainstItself(wider, [...accountPaths, '/sessions', '/sessions/{session_id}'])
  expect(failuresOf(results)).toEqual([])
  expect(titlesOf(results)).toEqual(
    expect.arrayContaining([
      'a body whose age is 1.5',
      'a body whose age is below its minimum',
      'a body whose age is above its maximum',
      'a body whose colour is shorter than its minimum',
      'a body whose colour is one four-byte character too long',
      'a body whose colour contains the character U+00E9',
      'a body whose isNew is "text"',
      'a body whose tags is {}',
      'the query parameters shade, ratio, isBrief',
      'a shade that is not one of its values',
      'a shade that is missing',
      'a shade that is given twice',
      'a ratio that is below its minimum',
      'a ratio of 0.5, at the end of its range',
      'a isBrief that is 1',
      'a limit that is 1.5',
      'a limit of 100, at the end of its range',
      'a cursor that is shorter than its minimum',
      'a session_id that is "text"',
      'a resource that does not exist',
    ]),
  )
})

/** A contract that asks for a log-in of the last second to delete an account. */
const impatient = copyOf(document)
impatient.paths['/account'].delete['x-max-authentication-age'] = 1
impatient.components.headers['WWW-Authenticate-Recent'].schema.enum = [
  'Bearer',
  'Bearer error="invalid_token"',
  'Bearer error="insufficient_user_authentication", max_age="1"',
]
const oldLogIn = 'a refreshed token of a log-in that is too old'

test('a token that expires and a log-in that grows too old within seconds are awaited', async () => {
  const { results, isExpiryChecked, oldLogInsUnchecked, notProvoked } = await runAgainstItself(
    impatient,
    accountPaths,
    {
      ACCESS_TOKEN_EXPIRE_MINUTES: '0.034',
    },
  )
  expect(failuresOf(results)).toEqual([])
  expect(titlesOf(results)).toEqual(expect.arrayContaining(['an expired token', oldLogIn]))
  expect([isExpiryChecked, oldLogInsUnchecked]).toEqual([true, []])
  expect(notProvoked.join()).not.toContain('oldLogIn')
})

test('a service that does not ask for a recent log-in is found out; without links, a path has the example of its parameter', async () => {
  const unlinked = copyOf(only(impatient, ...accountPaths, '/sessions/{session_id}'))
  const parameter = { name: 'session_id', in: 'path', required: true, schema: { type: 'string' }, example: 'a b' }
  unlinked.paths['/sessions/{session_id}'].delete.parameters = [parameter]
  const service = await startService()
  const { results, accounts } = await run(service.url, { document: unlinked })
  const failures = failuresOf(results)
  expect(failures.find(({ title }) => title === oldLogIn)?.broken).toContain('the status must be 401, not 200')
  // That account was deleted by the check, so that nobody has to.
  expect(accounts).toMatchObject({ deleted: accounts.signedUp, staying: [] })
  const ofSession = failures.find(({ operationId, title }) => operationId === 'endSession' && title === 'a valid token')
  expect(ofSession?.outgoing?.path).toBe('/sessions/a%20b')
})

test('a service that asks for a still more recent log-in is found out', async () => {
  const other = copyOf(document)
  other.paths['/account'].delete['x-max-authentication-age'] = 0
  const service = await startService({ document: other, config: { mode: 'production' } })
  const { results } = await run(service.url, { document: only(impatient, ...accountPaths) })
  expect(rulesOf(results)).toContain(
    'the header WWW-Authenticate must be Bearer error="insufficient_user_authentication", max_age="1" (RFC 9470, 3)',
  )
})
