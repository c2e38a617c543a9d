// What the contract of the service does not have: several parameters in a path, an answer without content, paths and
// tags that are not side by side, places without an example, a parameter that only one of two answers links to, and a
// sign-up that comes last.
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
  '/orders': {
    get: {
      operationId: 'listOrders',
      tags: ['orders'],
      summary: 'List orders',
      security: [{ oauth2: [] }],
      responses: {
        200: {
          description: 'All.',
          ...json({ schema: { type: 'object' }, example: { all: [{ id: 3 }] } }),
          links: {
            cancel: { operationId: 'cancelOrder', parameters: { order: '$response.body#/all/0/id', why: 'error' } },
            // Nothing here follows these.
            elsewhere: { operationRef: '#/paths/~1orders/get', parameters: { order: '$response.body#/all/0/id' } },
          },
        },
      },
    },
  },
  '/orders/{order}/{why}': {
    delete: {
      operationId: 'cancelOrder',
      tags: ['orders'],
      summary: 'Cancel an order',
      security: [{ oauth2: [] }],
      parameters: [
        { name: 'order', in: 'path', required: true, schema: { type: 'integer' }, example: 12 },
        { name: 'why', in: 'path', required: true, schema: { type: 'string' }, example: 'other' },
      ],
      responses: { 204: { description: 'It is gone.' } },
    },
  },
  '/accounts': {
    post: {
      operationId: 'register',
      tags: ['accounts'],
      summary: 'Register',
      security: [],
      requestBody: { content: { 'application/json': { schema: form } } },
      responses: {
        200: { description: 'It is there.', ...json({ schema: message, example: { message: 'It is there.' } }) },
        409: {
          description: 'The name is taken.',
          ...json({ schema: message, examples: { taken: { value: { code: 'username-taken' } } } }),
        },
      },
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
