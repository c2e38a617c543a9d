// What the contract of the service does not have: parameters of paths, an answer without content, paths and tags that
// are not side by side, and places without an example.
const json = (content: object) => ({ content: { 'application/json': content } })

const form = {
  type: 'object',
  properties: {
    username: { type: 'string', example: 'licat' },
    password: { type: 'string', example: '1234' },
    scope: { type: 'string', description: 'What for.', example: 'read' },
    unknown: { type: 'string', pattern: '^[a-z]{9}$' },
  },
  example: { username: 'licat', password: '1234' },
}

const id = { type: 'string', format: 'uuid' }
const message = { type: 'object', properties: { message: { type: 'string', minLength: 9 } } }

const paths = {
  '/things': {
    get: {
      operationId: 'listThings',
      tags: ['things'],
      summary: 'List things',
      security: [],
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer' }, example: 5 },
        { name: 'after', in: 'query', schema: id },
      ],
      responses: {
        200: { description: 'All.', ...json({ schema: { type: 'array', items: id }, example: ['a'] }) },
        404: { description: 'None.', ...json({ schema: message }) },
      },
    },
  },
  '/token': {
    post: {
      operationId: 'logIn',
      tags: ['tokens'],
      summary: 'Log in',
      security: [],
      requestBody: { content: { 'application/x-www-form-urlencoded': { schema: form } } },
      responses: { 200: { description: 'Logged in.', ...json({ schema: message, example: { access_token: 'a' } }) } },
    },
  },
  '/things/{thing}/parts/{part}': {
    parameters: [{ name: 'thing', in: 'path', required: true, schema: { ...id, example: 'one thing' } }],
    delete: {
      operationId: 'removePart',
      tags: ['things'],
      summary: 'Remove a part',
      security: [{ oauth2: [] }],
      parameters: [{ $ref: '#/components/parameters/Part' }],
      responses: { 204: { description: 'It is gone.' } },
    },
  },
}

const components = {
  parameters: {
    Part: { name: 'part', in: 'path', required: true, schema: { type: 'integer' }, examples: { any: { value: 7 } } },
  },
  securitySchemes: { oauth2: { type: 'oauth2', flows: { password: { tokenUrl: '/token', scopes: {} } } } },
}

export const smallContract = {
  openapi: '3.0.3',
  info: { title: 'Small', version: '1.0.0', description: 'Things and their parts.' },
  servers: [{ url: 'http://localhost:8000' }],
  paths,
  components,
}
