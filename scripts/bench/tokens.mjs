// Creates thousands of access tokens without log-ins.
import { createHmac, randomUUID } from 'node:crypto'

/** Creates tokens that differ from real ones only in their `jti` and their signature.
 * @param tokens real ones, each of an open session
 * @param secretKey that signed them; another key makes the tokens forged */
export const varyTokens = (tokens, count, secretKey) =>
  Array.from({ length: count }, (_, i) => varyToken(tokens[i % tokens.length], secretKey))

const varyToken = (token, secretKey) => {
  const [header, payload] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const text = Buffer.from(JSON.stringify({ ...claims, jti: randomUUID() })).toString('base64url')
  const signature = createHmac('sha256', secretKey).update(`${header}.${text}`).digest('base64url')
  return `${header}.${text}.${signature}`
}
