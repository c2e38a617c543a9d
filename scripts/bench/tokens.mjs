// Access tokens by the thousand, without a log-in for each.
import { createHmac, randomUUID } from 'node:crypto'

/** Makes tokens that differ from real ones in nothing but their `jti` and their signature.
 * @param tokens real ones, each of a session that lasts
 * @param secretKey that signed them; another one makes forged tokens */
export const varyTokens = (tokens, count, secretKey) =>
  Array.from({ length: count }, (_, i) => varyToken(tokens[i % tokens.length], secretKey))

const varyToken = (token, secretKey) => {
  const [header, payload] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const text = Buffer.from(JSON.stringify({ ...claims, jti: randomUUID() })).toString('base64url')
  const signature = createHmac('sha256', secretKey).update(`${header}.${text}`).digest('base64url')
  return `${header}.${text}.${signature}`
}
