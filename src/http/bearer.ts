import type { IncomingMessage } from 'node:http'
import type { Caller } from '../contract/types.ts'
import { Failure } from '../failure.ts'

/** Says whose token it is.
 * @throws Failure 'invalid-token' */
export type Authenticate = (accessToken: string) => Promise<Caller>

// The scheme in any case (RFC 9110, 11.1), one space or more, then the token (RFC 6750, 2.1).
const bearer = /^bearer(?: +(.*))?$/i

/** The caller of a request by its Authorization header.
 * @throws Failure 'not-authenticated': no such header, or another scheme
 * @throws Failure 'invalid-token' */
export const authenticateBearer = async (request: IncomingMessage, authenticate: Authenticate): Promise<Caller> => {
  const match = bearer.exec(request.headers.authorization ?? '')
  if (!match) throw new Failure('not-authenticated')
  return authenticate(match[1] ?? '')
}
