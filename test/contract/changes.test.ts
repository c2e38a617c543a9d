import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import yaml from 'js-yaml'
import { compareContracts } from '../../scripts/contract-changes/compare.mjs'
import { reportChanges } from '../../scripts/contract-changes/report.mjs'

/** The contract, to be changed at will. */
type Draft = any
type Edit = (contract: Draft) => void

// A contract that no longer changes.
const contract: Draft = yaml.load(readFileSync(new URL('../../contract/released/0.1.0.yaml', import.meta.url), 'utf8'))
const edited = (edit: Edit, from = contract): Draft => {
  const draft = structuredClone(from)
  edit(draft)
  return draft
}

const signup = ({ paths }: Draft): Draft => paths['/signup'].post
const token = ({ paths }: Draft): Draft => paths['/token'].post
const guarded = ({ paths }: Draft): Draft => paths['/protected'].get
const schema = ({ components }: Draft, name: string): Draft => components.schemas[name]
const members = (draft: Draft, name: string): Draft => schema(draft, name).properties
const dropRequired = (draft: Draft, name: string, member: string): void => {
  const found = schema(draft, name)
  found.required = found.required.filter((one: string) => one !== member)
}
const oauth2 = ({ components }: Draft): Draft => components.securitySchemes.oauth2.flows.password
const refer = (name: string): Draft => ({ $ref: `#/components/schemas/${name}` })
const json = (body: Draft): Draft => body.content['application/json']
/** Another schema of the same shape. */
const twin = (draft: Draft, name: string): Draft => {
  draft.components.schemas.Twin = structuredClone(schema(draft, name))
  return refer('Twin')
}
const message = { type: 'string' }
const lang = { name: 'lang', in: 'query', schema: { type: 'string' } }

/** What was released before the change, where it takes more than the contract has. */
const wider = edited((draft) => {
  draft.paths['/health/live'].put = { ...draft.paths['/health/live'].get, operationId: 'other' }
  members(draft, 'TokenRequest').grant_type.enum = ['password', 'refresh_token']
  members(draft, 'TokenRequest').choice = { oneOf: [message, { type: 'integer' }] }
  members(draft, 'Message').parts = { type: 'array', items: { allOf: [{ maxLength: 5 }] } }
  members(draft, 'Message').others = { type: 'object', additionalProperties: { type: 'integer' } }
  members(draft, 'Message').again = refer('Message')
  members(draft, 'Message').any = { type: 'object', additionalProperties: refer('Username') }
  draft.servers.push({ url: '{host}', variables: { host: { default: 'http://localhost:9000' } } })
  schema(draft, 'OAuthError').additionalProperties = true
  oauth2(draft).scopes = { account: 'Your account', other: 'More' }
  guarded(draft).security = [{ oauth2: ['account'] }]
  guarded(draft).parameters = [lang, { name: 'X-Tenant', in: 'header', schema: message }]
})

interface Case {
  readonly edit: Edit
  readonly line: string
  readonly from?: Draft
}

const breaks: Readonly<Record<string, Case>> = {
  'an operation is removed with its path': {
    edit: (draft) => delete draft.paths['/health/live'],
    line: 'GET /health/live: the operation was removed',
  },
  'a method is removed': {
    from: wider,
    edit: (draft) => delete draft.paths['/health/live'].put,
    line: 'PUT /health/live: the operation was removed',
  },
  'an operation is renamed': {
    edit: (draft) => (signup(draft).operationId = 'createAccount'),
    line: 'POST /signup: the operationId went from signup to createAccount',
  },
  'an operation goes to another class of generated clients': {
    edit: (draft) => (signup(draft).tags = ['tokens']),
    line: 'POST /signup: the first tag went from accounts to tokens',
  },
  'a schema is renamed': {
    edit: (draft) => {
      draft.components.schemas.Alive = schema(draft, 'Liveness')
      draft.paths['/health/live'].get.responses['200'].content['application/json'].schema.$ref =
        '#/components/schemas/Alive'
      delete draft.components.schemas.Liveness
    },
    line: 'schema Liveness: the schema was removed or renamed',
  },
  'an answer is of another schema of the same shape': {
    edit: (draft) => (json(signup(draft).responses['200']).schema = twin(draft, 'Message')),
    line: 'POST /signup 200: the body: the name of its schema went from Message to Twin',
  },
  'a body is of another schema of the same shape': {
    edit: (draft) => (json(signup(draft).requestBody).schema = twin(draft, 'SignupRequest')),
    line: 'POST /signup request: the body: the name of its schema went from SignupRequest to Twin',
  },
  'a schema of an answer is written out': {
    edit: (draft) => (json(signup(draft).responses['200']).schema = structuredClone(schema(draft, 'Message'))),
    line: 'POST /signup 200: the body: the name of its schema went from Message to none',
  },
  'a schema of a body is written out': {
    edit: (draft) => (json(signup(draft).requestBody).schema = structuredClone(schema(draft, 'SignupRequest'))),
    line: 'POST /signup request: the body: the name of its schema went from SignupRequest to none',
  },
  'a schema that was written out has a name': {
    edit: (draft) => {
      draft.components.schemas.Text = members(draft, 'Message').message
      members(draft, 'Message').message = refer('Text')
    },
    line: 'POST /signup 200, GET /protected 200: the member message: the name of its schema went from none to Text',
  },
  'a member of a body is of another schema of the same shape': {
    edit: (draft) => (members(draft, 'SignupRequest').username.allOf = [twin(draft, 'Username')]),
    line: 'POST /signup request: the member username: the name of its schema went from Username to Twin',
  },
  'the items of a list are of another schema of the same shape': {
    edit: (draft) => (members(draft, 'InvalidBodyProblem').errors.items = twin(draft, 'InvalidPlace')),
    line: 'POST /signup 422: the member errors[]: the name of its schema went from InvalidPlace to Twin',
  },
  'the other members of an answer are of another schema of the same shape': {
    from: wider,
    edit: (draft) => (members(draft, 'Message').any.additionalProperties = twin(draft, 'Username')),
    line: 'the member any.*: the name of its schema went from Username to Twin',
  },
  'what a schema was another name of is referred to itself': {
    from: edited((draft) => {
      draft.components.schemas.Alias = refer('Message')
      json(signup(draft).responses['200']).schema = refer('Alias')
    }),
    edit: (draft) => (json(signup(draft).responses['200']).schema = refer('Message')),
    line: 'POST /signup 200: the body: the name of its schema went from Alias to Message',
  },
  'a schema has another title': {
    edit: (draft) => (schema(draft, 'Message').title = 'Note'),
    line: 'POST /signup 200, GET /protected 200: the body: title went from none to "Note"',
  },
  'a member has a title beside the name of its schema': {
    edit: (draft) => (members(draft, 'SignupRequest').username.title = 'Name'),
    line: 'POST /signup request: the member username: title went from none to "Name"',
  },
  'a wrong value of a named schema gets another error': {
    edit: (draft) => (schema(draft, 'Scope')['x-failure'] = 'invalid-grant'),
    line: 'POST /token request: the member scope: x-failure went from "invalid-scope" to "invalid-grant"',
  },
  'a wrong value of a member gets another error': {
    edit: (draft) => delete members(draft, 'TokenRequest').grant_type['x-failure'],
    line: 'POST /token request: the member grant_type: x-failure went from "unsupported-grant-type" to none',
  },
  'an answer is removed': {
    edit: (draft) => delete signup(draft).responses['503'],
    line: 'POST /signup 503: this response was removed',
  },
  'an answer is new': {
    edit: (draft) => (signup(draft).responses['429'] = signup(draft).responses['503']),
    line: 'POST /signup 429: this response is new',
  },
  'the media type of an answer is another': {
    edit: (draft) => {
      const answer = signup(draft).responses['200']
      answer.content = { 'application/vnd.sesame+json': answer.content['application/json'] }
    },
    line: 'POST /signup 200: the media type application/json was removed',
  },
  'an answer has a further media type': {
    edit: (draft) => {
      const { content } = signup(draft).responses['200']
      content['text/json'] = content['application/json']
    },
    line: 'POST /signup 200: the media type text/json is new',
  },
  'a header of an answer is removed': {
    edit: (draft) => delete draft.components.responses.Overloaded.headers['Retry-After'],
    line: 'POST /signup 503: the header Retry-After was removed',
  },
  'a header of an answer may be missing': {
    edit: (draft) => (draft.components.headers['Retry-After'].required = false),
    line: 'POST /signup 503, POST /token 503, GET /health/ready 503: the header Retry-After may now be missing',
  },
  'a header of an answer has further values': {
    edit: (draft) => draft.components.headers['WWW-Authenticate'].schema.enum.push('Basic'),
    line: 'GET /protected 401',
  },
  'a member of an answer is removed': {
    edit: (draft) => {
      delete members(draft, 'Message').message
      dropRequired(draft, 'Message', 'message')
    },
    line: 'POST /signup 200, GET /protected 200: the member message was removed',
  },
  'a member of an answer may be missing': {
    edit: (draft) => dropRequired(draft, 'TokenResponse', 'scope'),
    line: 'POST /token 200: the member scope may now be missing',
  },
  'a member of an answer may be null': {
    edit: (draft) => (members(draft, 'TokenResponse').scope.nullable = true),
    line: 'POST /token 200: the member scope: nullable went from none to true',
  },
  'a member of an answer is of another type': {
    edit: (draft) => (members(draft, 'TokenResponse').expires_in.type = 'string'),
    line: 'POST /token 200: the member expires_in: type went from "integer" to "string"',
  },
  'a member of an answer may be longer': {
    edit: (draft) => (members(draft, 'Message').message.maxLength = 512),
    line: 'POST /signup 200, GET /protected 200: the member message: maxLength went from 256 to 512',
  },
  'a member of an answer may be lower': {
    edit: (draft) => (members(draft, 'TokenResponse').expires_in.minimum = 0),
    line: 'POST /token 200: the member expires_in: minimum went from 1 to 0',
  },
  'a member of an answer is not bounded any more': {
    edit: (draft) => delete members(draft, 'TokenResponse').expires_in.maximum,
    line: 'POST /token 200: the member expires_in: maximum went from 2147483647 to none',
  },
  'a member of an answer follows another pattern': {
    edit: (draft) => (members(draft, 'Message').message.pattern = '^.*$'),
    line: 'the member message: pattern went from "^[^\\\\u0000-\\\\u001f\\\\u007f]+$" to "^.*$"',
  },
  'a member of an answer has another format': {
    edit: (draft) => (members(draft, 'TokenResponse').expires_in.format = 'int64'),
    line: 'POST /token 200: the member expires_in: format went from "int32" to "int64"',
  },
  'a member of an answer has a format': {
    edit: (draft) => (members(draft, 'Message').message.format = 'date-time'),
    line: 'the member message: format went from none to "date-time"',
  },
  'a member of a request has a format': {
    edit: (draft) => (members(draft, 'TokenRequest').client_id.format = 'uuid'),
    line: 'POST /token request: the member client_id: format went from none to "uuid"',
  },
  'a member of a request has no format any more': {
    edit: (draft) => delete schema(draft, 'NewPassword').format,
    line: 'POST /signup request: the member password: format went from "password" to none',
  },
  'a member of an answer has further values': {
    edit: (draft) => members(draft, 'TokenResponse').token_type.enum.push('dpop'),
    line: 'POST /token 200: the member token_type: "dpop" was added to its enum',
  },
  'a member deep in an answer is wider': {
    edit: (draft) => (members(draft, 'InvalidPlace').pointer.maxLength = 512),
    line: 'POST /signup 422: the member errors[].pointer: maxLength went from 256 to 512',
  },
  'a value is new in a closed list': {
    edit: (draft) => members(draft, 'TokenResponse').token_type.enum.push('mac'),
    line: 'the member token_type: "mac" was added to its enum',
  },
  'a list of values is opened': {
    edit: (draft) => (members(draft, 'TokenResponse').token_type['x-open-enum'] = true),
    line: 'the member token_type: x-open-enum went from none to true',
  },
  'a closed answer has a further member': {
    edit: (draft) => (members(draft, 'TokenResponse').refresh_token = message),
    line: 'POST /token 200: the member refresh_token is new, although additionalProperties was false',
  },
  'an answer is opened': {
    edit: (draft) => delete schema(draft, 'Message').additionalProperties,
    line: 'the body: additionalProperties went from false to true',
  },
  'a part of a combination in an answer is wider': {
    from: wider,
    edit: (draft) => (members(draft, 'Message').parts.items.allOf[0].maxLength = 6),
    line: 'the member parts[]: maxLength went from 5 to 6',
  },
  'the other members of an answer are of a wider type': {
    from: wider,
    edit: (draft) => (members(draft, 'Message').others.additionalProperties.type = 'number'),
    line: 'the member others.*: type went from "integer" to "number"',
  },
  'a request needs a new member': {
    edit: (draft) => {
      members(draft, 'SignupRequest').email = message
      schema(draft, 'SignupRequest').required.push('email')
    },
    line: 'POST /signup request: the member email is new and required',
  },
  'a request needs a member that could be left out': {
    edit: (draft) => (schema(draft, 'TokenRequest').required = ['grant_type']),
    line: 'POST /token request: the member grant_type is now required',
  },
  'a member of a request is removed': {
    edit: (draft) => delete members(draft, 'TokenRequest').client_id,
    line: 'POST /token request: the member client_id was removed',
  },
  'a media type of a request is removed': {
    edit: (draft) => delete token(draft).requestBody.content['multipart/form-data'],
    line: 'POST /token request: the media type multipart/form-data was removed',
  },
  'another media type of a request is the first': {
    edit: (draft) => {
      const { requestBody } = token(draft)
      requestBody.content = Object.fromEntries(Object.entries(requestBody.content).reverse())
    },
    line: 'POST /token request: the first media type went from application/x-www-form-urlencoded to multipart/form-data',
  },
  'a new media type of a request is the first': {
    edit: (draft) => {
      const { requestBody } = signup(draft)
      requestBody.content = { 'text/json': json(requestBody), ...requestBody.content }
    },
    line: 'POST /signup request: the first media type went from application/json to text/json',
  },
  'a member of a request takes fewer values': {
    from: wider,
    edit: (draft) => members(draft, 'TokenRequest').grant_type.enum.pop(),
    line: 'POST /token request: the member grant_type: "refresh_token" was removed from its enum',
  },
  'a member of a request takes only some values': {
    edit: (draft) => (members(draft, 'TokenRequest').client_id.enum = ['public']),
    line: 'POST /token request: the member client_id: enum went from none to ["public"]',
  },
  'a member of a request has to be shorter': {
    edit: (draft) => (schema(draft, 'Username').maxLength = 32),
    line: 'POST /signup request, POST /token request: the member username: maxLength went from 64 to 32',
  },
  'a member of a request has to be longer': {
    edit: (draft) => (schema(draft, 'Password').minLength = 8),
    line: 'the member password: minLength went from 1 to 8',
  },
  'a member of a request follows a pattern': {
    edit: (draft) => (schema(draft, 'Password').pattern = '^[a-z]+$'),
    line: 'the member password: pattern went from none to "^[a-z]+$"',
  },
  'a member of a request is of another type': {
    edit: (draft) => (schema(draft, 'Password').type = 'integer'),
    line: 'the member password: type went from "string" to "integer"',
  },
  'a member of a request has another value when it is left out': {
    edit: (draft) => (members(draft, 'TokenRequest').client_id.default = 'other'),
    line: 'POST /token request: the member client_id: default went from none to "other"',
  },
  'a combination in a request is another': {
    from: wider,
    edit: (draft) => (members(draft, 'TokenRequest').choice.oneOf[0].maxLength = 9),
    line: 'the member choice: oneOf changed, and no rule covers that change',
  },
  'a request is closed': {
    edit: (draft) => (schema(draft, 'SignupRequest').additionalProperties = false),
    line: 'POST /signup request: the body: additionalProperties went from true to false',
  },
  'a body of a request is removed': {
    edit: (draft) => delete token(draft).requestBody,
    line: 'POST /token request: the body was removed',
  },
  'a body of a request is required': {
    edit: (draft) => (guarded(draft).requestBody = { required: true, content: {} }),
    line: 'GET /protected request: a body is new and required',
  },
  'less of a body is taken': {
    edit: (draft) => (signup(draft)['x-body-limit'] = 8_192),
    line: 'POST /signup: x-body-limit went from 16384 to 8192',
  },
  'a parameter is new and required': {
    edit: (draft) => (guarded(draft).parameters = [{ ...lang, required: true }]),
    line: 'GET /protected: the parameter lang (query) is new and required',
  },
  'a parameter of the path is required now': {
    from: wider,
    edit: (draft) => {
      guarded(draft).parameters.shift()
      draft.paths['/protected'].parameters = [{ ...lang, required: true }]
    },
    line: 'GET /protected: the parameter lang (query) is now required',
  },
  'a parameter is removed': {
    from: wider,
    edit: (draft) => guarded(draft).parameters.pop(),
    line: 'GET /protected: the parameter X-Tenant (header) was removed',
  },
  'a parameter is written in another style': {
    from: wider,
    edit: (draft) => (guarded(draft).parameters = [{ ...lang, style: 'pipeDelimited' }]),
    line: 'the parameter lang (query): style went from none to "pipeDelimited"',
  },
  'an operation asks for a token': {
    edit: (draft) => (draft.paths['/health/live'].get.security = [{ oauth2: [] }]),
    line: 'GET /health/live: the security (none) is no longer enough',
  },
  'an alternative of the security is removed': {
    edit: (draft) => guarded(draft).security.pop(),
    line: 'GET /protected: the security bearer is no longer enough',
  },
  'an operation asks for a further scope': {
    from: wider,
    edit: (draft) => (guarded(draft).security = [{ oauth2: ['account', 'other'] }]),
    line: 'GET /protected: the security oauth2 account is no longer enough',
  },
  'a security scheme is removed': {
    edit: (draft) => delete draft.components.securitySchemes.bearer,
    line: 'security scheme bearer: it was removed',
  },
  'a scope is removed': {
    from: wider,
    edit: (draft) => delete oauth2(draft).scopes.other,
    line: 'security scheme oauth2: the scope other was removed',
  },
  'the URL for tokens is another': {
    edit: (draft) => (oauth2(draft).tokenUrl = 'http://localhost:8000/oauth'),
    line: 'tokenUrl went from "http://localhost:8000/token" to "http://localhost:8000/oauth"',
  },
  'an answer to what matches no operation is removed': {
    edit: (draft) => delete draft['x-unmatched-responses']['405'],
    line: 'no operation 405: this response was removed',
  },
  'a header of such an answer is removed': {
    edit: (draft) => delete draft['x-unmatched-responses']['405'].headers.Allow,
    line: 'no operation 405: the header Allow was removed',
  },
  'the server is another': {
    edit: (draft) => (draft.servers[0].url = 'http://localhost:8000/v2'),
    line: 'the document: the server http://localhost:8000 was removed',
  },
  'another server is the first': {
    edit: (draft) => draft.servers.unshift({ url: 'https://example.com' }),
    line: 'the document: the first server went from http://localhost:8000 to https://example.com',
  },
  'the URL of a server is made of another value': {
    from: wider,
    edit: (draft) => (draft.servers[1].variables.host.default = 'https://example.com'),
    line: 'the document: the server {host}: variables went from {"host":{"default":"http://localhost:9000"}}',
  },
  'something changes that no rule knows': {
    edit: (draft) => (signup(draft).callbacks = { done: {} }),
    line: 'POST /signup: it: callbacks went from none to {"done":{}}',
  },
}

const compatibles: Readonly<Record<string, Case>> = {
  'a path is new': {
    edit: (draft) => (draft.paths['/whoami'] = { get: { ...guarded(draft), operationId: 'readWhoami' } }),
    line: 'GET /whoami: the operation is new',
  },
  'a method is new': {
    edit: (draft) => (draft.paths['/protected'].delete = { ...guarded(draft), operationId: 'other' }),
    line: 'DELETE /protected: the operation is new',
  },
  'a request has a further member': {
    edit: (draft) => (members(draft, 'SignupRequest').email = message),
    line: 'POST /signup request: the member email is new',
  },
  'a member of a request may be left out': {
    edit: (draft) => dropRequired(draft, 'SignupRequest', 'password'),
    line: 'POST /signup request: the member password may now be omitted',
  },
  'a member of a request may be longer': {
    edit: (draft) => (schema(draft, 'Username').maxLength = 128),
    line: 'the member username: maxLength went from 64 to 128',
  },
  'a member of a request follows no pattern any more': {
    edit: (draft) => delete schema(draft, 'Username').pattern,
    line: 'the member username: pattern went from',
  },
  'a member of a request takes further values': {
    edit: (draft) => members(draft, 'TokenRequest').grant_type.enum.push('refresh_token'),
    line: 'POST /token request: the member grant_type: "refresh_token" was added to its enum',
  },
  'a media type of a request is new': {
    edit: (draft) => {
      const { content } = signup(draft).requestBody
      content['application/x-www-form-urlencoded'] = content['application/json']
    },
    line: 'POST /signup request: the media type application/x-www-form-urlencoded is new',
  },
  'more of a body is taken': {
    edit: (draft) => (signup(draft)['x-body-limit'] = 32_768),
    line: 'POST /signup: x-body-limit went from 16384 to 32768',
  },
  'a parameter is new': {
    edit: (draft) => (guarded(draft).parameters = [lang]),
    line: 'GET /protected: the parameter lang (query) is new',
  },
  'an alternative of the security is new': {
    edit: (draft) => {
      draft.components.securitySchemes.key = { type: 'apiKey', in: 'header', name: 'X-Key' }
      guarded(draft).security.push({ key: [] })
    },
    line: 'GET /protected: the security key is now enough',
  },
  'a token is not asked for any more': {
    edit: (draft) => (guarded(draft).security = []),
    line: 'GET /protected: the security (none) is now enough',
  },
  'fewer scopes are asked for': {
    from: wider,
    edit: (draft) => (guarded(draft).security = [{ oauth2: [] }]),
    line: 'GET /protected: the security oauth2 is now enough',
  },
  'a scope is new': {
    edit: (draft) => (oauth2(draft).scopes = { account: 'Your account' }),
    line: 'security scheme oauth2: the scope account is new',
  },
  'an answer has a further header': {
    edit: (draft) => (signup(draft).responses['200'].headers.ETag = { schema: message }),
    line: 'POST /signup 200: the header ETag is new',
  },
  'an open answer has a further member': {
    from: wider,
    edit: (draft) => (members(draft, 'OAuthError').error_uri = message),
    line: 'POST /token 400, POST /token 401, POST /token 413 and 3 more: the member error_uri is new',
  },
  'a member of an answer is shorter': {
    edit: (draft) => (members(draft, 'Message').message.maxLength = 100),
    line: 'the member message: maxLength went from 256 to 100',
  },
  'a member of an answer has fewer values': {
    edit: (draft) => schema(draft, 'ErrorCode').enum.pop(),
    line: 'the member code: "username-taken" was removed from its enum',
  },
  'an error code is new in an open list': {
    edit: (draft) => schema(draft, 'ErrorCode').enum.push('teapot'),
    line: 'the member code: "teapot" was added to its enum',
  },
}

const linesOf = ({ edit, from = contract }: Case): readonly string[] =>
  reportChanges(compareContracts(from, edited(edit, from)))

describe('breaking:', () => {
  test.each(Object.entries(breaks))('%s', (_what, planted) => {
    const lines = linesOf(planted)
    expect(lines.filter((line) => line.startsWith('breaking'))).toContainEqual(expect.stringContaining(planted.line))
  })
})

describe('compatible:', () => {
  test.each(Object.entries(compatibles))('%s', (_what, planted) => {
    const lines = linesOf(planted)
    expect(lines).toContainEqual(expect.stringContaining(planted.line))
    expect(lines.filter((line) => line.startsWith('breaking'))).toEqual([])
  })
})

describe('no change at all:', () => {
  const documentation: Edit = (draft) => {
    draft.info.description = draft.tags[0].description = signup(draft).summary = 'Other words'
    signup(draft).tags.push('example')
    signup(draft)['x-note'] = signup(draft).deprecated = true
    schema(draft, 'Username').example = schema(draft, 'Username').description = 'other'
    signup(draft).responses['200'].content['application/json'].examples = {}
    draft.components.headers.Vary.description = draft.components.responses.Overloaded.description = 'Other words'
    oauth2(draft).scopes = Object.fromEntries(Object.keys(oauth2(draft).scopes).map((scope) => [scope, 'Other words']))
  }
  const inAnotherOrder: Edit = (draft) => {
    draft.paths = Object.fromEntries(Object.entries(draft.paths).reverse())
    guarded(draft).security.reverse()
    for (const list of [schema(draft, 'ErrorCode').enum, schema(draft, 'TokenResponse').required]) list.reverse()
  }
  const besideNames: Edit = (draft) => {
    json(signup(draft).responses['200']).schema = { description: 'Other words', allOf: [refer('Message')] }
    members(draft, 'SignupRequest').username = refer('Username')
    delete members(draft, 'TokenRequest').scope.description
    draft.servers[0].description = 'Other words'
  }
  test.each([
    ['the same contract', () => undefined],
    ['other documentation', documentation],
    ['another order', inAnotherOrder],
    ['documentation beside the name of a schema', besideNames],
  ])('%s', (_what, edit) => {
    expect(compareContracts(contract, edited(edit))).toEqual([])
    expect(compareContracts(wider, edited(edit, wider))).toEqual([])
  })
})

test('a reference to nothing is said to be one', () => {
  const broken = edited((draft) => (signup(draft).responses['503'] = { $ref: '#/components/responses/Nothing' }))
  expect(() => compareContracts(contract, broken)).toThrow('The contract has no #/components/responses/Nothing')
})
