// The same route as in koa.mjs, on Fastify and fast-jwt with their defaults. By default, fast-jwt does not cache
// verified tokens.
import { createVerifier } from 'fast-jwt'
import fastify from 'fastify'

const { SECRET_KEY, ISSUER, HOST, PORT } = process.env
const verify = createVerifier({
  key: SECRET_KEY,
  algorithms: ['HS256'],
  allowedIss: ISSUER,
  allowedAud: ISSUER,
})

const refuse = (message) => Object.assign(new Error(message), { statusCode: 401 })

const claimsOf = ({ headers }) => {
  const [scheme, token] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer') throw refuse('Not authenticated')
  try {
    return verify(token)
  } catch {
    throw refuse('Invalid token')
  }
}

const app = fastify()
app.get('/protected', async (request) => {
  const { sub } = claimsOf(request)
  return { message: `Hello ${sub}! This is a protected route` }
})

await app.listen({ host: HOST, port: Number(PORT) })
console.error(`service http://localhost:${app.server.address().port}`)
