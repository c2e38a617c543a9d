import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { contractProblems } from '../../scripts/lint-contract/problems.mjs'
import { yamlProblems } from '../../scripts/lint-contract/yaml-problems.mjs'
import { readContract } from '../../src/contract/document.ts'

test('the contract keeps the rules of the project', () => {
  expect(contractProblems(readContract())).toEqual([])
  expect(yamlProblems(readFileSync('openapi.yaml', 'utf8'))).toEqual([])
})

type Draft = any

test.each<[title: string, edit: (contract: Draft) => void, problem: string]>([
  [
    'without a security',
    ({ paths }) => delete paths['/account'].get.security,
    'GET /account: state the security of the operation, [] for none: importers apply a global one to every operation',
  ],
  [
    'with an undeclared scope',
    ({ paths }) => (paths['/account'].get.security = [{ oauth2: ['account:read', 'account:admin'] }]),
    'GET /account: declare the scope account:admin in the security scheme, because no log-in can grant it otherwise',
  ],
  [
    'with plain bearer beside scopes',
    ({ paths }) => paths['/account'].get.security.push({ bearer: [] }),
    'GET /account: give every security entry its scopes: entries are alternatives, so one without scopes bypasses the others',
  ],
  [
    'with oauth2 without scopes beside scopes',
    ({ paths }) => paths['/account'].get.security.push({ oauth2: [] }),
    'GET /account: give every security entry its scopes: entries are alternatives, so one without scopes bypasses the others',
  ],
  [
    'that may go without a token',
    ({ paths }) => (paths['/protected'].get.security[1] = {}),
    'GET /protected: remove the empty security entry: it makes the token optional, and the handlers require one',
  ],
  [
    'with oauth2 second',
    ({ paths }) => paths['/protected'].get.security.reverse(),
    'GET /protected: name oauth2 first, because Postman uses the first entry',
  ],
  [
    'with the age of a log-in, but no token',
    ({ paths }) => (paths['/signup'].post['x-max-authentication-age'] = 300),
    'POST /signup: give x-max-authentication-age in whole seconds, and only to operations that require a token',
  ],
  [
    'with the age of a log-in in words',
    ({ paths }) => (paths['/account'].delete['x-max-authentication-age'] = '5 min'),
    'DELETE /account: give x-max-authentication-age in whole seconds, and only to operations that require a token',
  ],
  [
    'with a body of any size',
    ({ paths }) => delete paths['/signup'].post['x-body-limit'],
    'POST /signup: state x-body-limit, in bytes',
  ],
  [
    'with several schemas for one body',
    ({ paths }) =>
      (paths['/token'].post.requestBody.content['multipart/form-data'].schema = {
        $ref: '#/components/schemas/SignupRequest',
      }),
    'POST /token: give all media types of a body the same $ref, because only one schema is validated',
  ],
])('an operation %s is a problem', (_title, edit, problem) => {
  const contract = readContract()
  edit(contract)
  expect(contractProblems(contract)).toEqual([problem])
})

test('the parameters of a path are no operation', () => {
  const contract: Draft = readContract()
  contract.paths['/account'].parameters = []
  expect(contractProblems(contract)).toEqual([])
})

test.each([
  ['oauth2: [account:read]', 'quote account:read: some parsers refuse a bare colon in a flow list'],
  [
    'oauth2: { scopes: [{ scope: account:read }] }',
    'quote account:read: some parsers refuse a bare colon in a flow list',
  ],
  ['oauth2: &any []', 'write the value out: some parsers refuse anchors and aliases'],
  ['oauth2: *any', 'write the value out: some parsers refuse anchors and aliases'],
])('the YAML `%s` is a problem', (line, problem) => {
  expect(yamlProblems(`security:\n  - ${line}\n`)).toEqual([`openapi.yaml, line 2: ${problem}`])
})

test.each(['oauth2: [\'account:read\', "account:write"]', 'summary: account:read', 'oauth2: { scopes: [] }'])(
  'the YAML `%s` is no problem',
  (line) => {
    expect(yamlProblems(`security:\n  - ${line}\n`)).toEqual([])
  },
)
