// Answers that the contract does not declare, made from recorded ones: a proof that lets them pass proves nothing.

const isJsonOf = (path, status) => (exchange) => exchange.request.path === path && exchange.answer.status === status

const isOfSession = ({ request: { method, path }, answer: { status } }) =>
  method === 'DELETE' && /^\/sessions\/[0-9a-f-]{36}$/.test(path) && status === 200

const withBody = (change) => (answer) => ({
  ...answer,
  body: Buffer.from(JSON.stringify(change(JSON.parse(answer.body.toString())))),
})
const without = (left) => (answer) => ({
  ...answer,
  headers: answer.headers.filter((_, i) => answer.headers[i - (i % 2)].toLowerCase() !== left),
})

const withHeader = (name, value) => (answer) => ({
  ...answer,
  headers: answer.headers.map((text, i) =>
    i % 2 === 1 && answer.headers[i - 1].toLowerCase() === name ? value : text,
  ),
})

const all = [
  {
    name: 'a member of another type',
    of: isJsonOf('/token', 200),
    change: withBody((body) => ({ ...body, expires_in: '1800' })),
  },
  {
    name: 'an undeclared member',
    of: isJsonOf('/signup', 200),
    change: withBody((body) => ({ ...body, passwordHash: 'x' })),
  },
  { name: 'a missing header', of: isJsonOf('/protected', 401), change: without('www-authenticate') },
  {
    name: 'a challenge without its scope',
    of: isJsonOf('/account', 403),
    change: withHeader('www-authenticate', 'Bearer error="insufficient_scope"'),
  },
  {
    name: 'an undeclared member, where the path has a parameter',
    of: isOfSession,
    change: withBody((body) => ({ ...body, session: 'x' })),
  },
  {
    name: 'an undeclared status',
    of: isJsonOf('/protected', 200),
    change: (answer) => ({ ...answer, status: 418 }),
  },
]

/** Each tampering with the first exchange that it fits. */
export const tamperings = (exchanges) =>
  all.map(({ name, of, change }) => {
    const { request, answer } = exchanges.find(of)
    // The length is that of another body now.
    return { name, exchange: { request, answer: without('content-length')(change(answer)) } }
  })
