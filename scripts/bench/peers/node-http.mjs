// The same route as in koa.mjs, on node:http alone. This is the minimum cost of a Node server.
import { createSecretKey } from 'node:crypto'
import { createServer } from 'node:http'
import jwt from 'jsonwebtoken'

const { SECRET_KEY, ISSUER, HOST, PORT } = process.env
const key = createSecretKey(SECRET_KEY, 'utf8')
const verification = { algorithms: ['HS256'], issuer: ISSUER, audience: ISSUER }

const claimsOf = ({ headers }) => {
  const [scheme, token] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer') return undefined
  try {
    return jwt.verify(token, key, verification)
  } catch {
    return undefined
  }
}

const respond = (res, status, body) => {
  const text = JSON.stringify(body)
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
  res.end(text)
}

const server = createServer((req, res) => {
  if (req.method !== 'GET' || req.url !== '/protected') return respond(res, 404, { message: 'Not found' })
  const claims = claimsOf(req)
  if (!claims) return respond(res, 401, { message: 'Not authenticated' })
  return respond(res, 200, { message: `Hello ${claims.sub}! This is a protected route` })
})

server.listen(Number(PORT), HOST, () => console.error(`service http://localhost:${server.address().port}`))
