// The main peer: the route GET /protected on Koa, written by hand.
import { createSecretKey } from 'node:crypto'
import Koa from 'koa'
import jwt from 'jsonwebtoken'

const { SECRET_KEY, ISSUER, HOST, PORT } = process.env
const key = createSecretKey(SECRET_KEY, 'utf8')
const verification = { algorithms: ['HS256'], issuer: ISSUER, audience: ISSUER }

const claimsOf = (ctx) => {
  const [scheme, token] = ctx.get('Authorization').split(' ')
  if (scheme !== 'Bearer') ctx.throw(401, 'Not authenticated')
  try {
    return jwt.verify(token, key, verification)
  } catch {
    return ctx.throw(401, 'Invalid token')
  }
}

const app = new Koa()
app.use((ctx) => {
  if (ctx.method !== 'GET' || ctx.path !== '/protected') return
  const { sub } = claimsOf(ctx)
  ctx.body = { message: `Hello ${sub}! This is a protected route` }
})

const server = app.listen(Number(PORT), HOST, () => console.error(`service http://localhost:${server.address().port}`))
