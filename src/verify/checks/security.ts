import type { Operation } from '../../contract/operations.ts'
import { type Change, type Check, type Demands, withHeaders } from '../check.ts'
import type { Context } from '../run/context.ts'
import type { Received } from '../run/exchange.ts'
import { bearer } from '../run/requests.ts'
import { forgeries } from './forgeries.ts'

/** Checks with valid and invalid tokens. A secured operation accepts only a valid token. Other operations ignore
 * tokens. */
export const securityChecks = (operation: Operation, context: Context): readonly Check[] =>
  operation.isSecured ? securedChecks(operation, context) : openChecks(operation, context)

/** A client may send its token to every operation. */
const openChecks = (operation: Operation, { logIn, checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  return [
    ...(operation.body === undefined
      ? [
          check('no token', 'success'),
          check('an invalid token, for an operation that requires none', 'success', withHeaders(bearer('abc'))),
        ]
      : []),
    // The 401 of the log-in is about the password. Its Authorization header contains a client id.
    ...(operation.responses.has(401) && operation.path !== logIn.path
      ? [check('two Authorization headers', 401, withHeaders(bearer('a'), bearer('b')))]
      : []),
  ]
}

const securedChecks = (operation: Operation, { accounts, expiredToken, checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  const inQuery: Change = ({ accessToken, query }) => ({
    headers: [],
    query: [...query, ['access_token', accessToken]],
  })
  const missing = { also: challengesWithoutError }
  const invalid = { also: namesAnInvalidToken }
  return [
    check('a valid token', 'success'),
    check('a valid token with the scheme in lower case', 'success', ({ accessToken }) => ({
      headers: [['Authorization', `bearer ${accessToken}`]],
    })),
    check('no token', 401, withHeaders(), missing),
    check('another scheme', 401, withHeaders(['Authorization', 'Basic dmVyaWZ5OnZlcmlmeQ==']), missing),
    check('a token only in the query', 401, inQuery, missing),
    ...Object.entries(forgeries).map(([title, forge]) =>
      check(title, 401, ({ accessToken }) => ({ headers: [bearer(forge(accessToken))] }), invalid),
    ),
    check('a refresh token', 401, async () => ({ headers: [bearer(await accounts.refreshToken())] }), refusedToken),
    check('two Authorization headers', 401, ({ headers }) => ({ headers: [...headers, ...headers] }), invalid),
    ...(expiredToken ? [check(expiredTitle, 401, withHeaders(bearer(expiredToken)), refusedToken)] : []),
  ]
}

export const expiredTitle = 'an expired token'

/** A request without a token gets a challenge without an error (RFC 6750, 3.1). */
const challengesWithoutError = ({ headers }: Received): readonly string[] =>
  /^bearer(?!.*error=)/i.test(String(headers['www-authenticate']))
    ? []
    : ['the header WWW-Authenticate must be Bearer without an error, because there was no token (RFC 6750, 3.1)']

export const namesAnInvalidToken = ({ headers }: Received): readonly string[] =>
  /^bearer .*error="invalid_token"/i.test(String(headers['www-authenticate']))
    ? []
    : ['the header WWW-Authenticate must be Bearer with error="invalid_token" (RFC 6750, 3.1)']

/** The response must not reveal why the token is invalid. */
export const refusedToken: Demands = { also: namesAnInvalidToken, equalsExample: true }

/** Requires exactly this challenge, from RFC 6750 or RFC 9470. */
export const challenges =
  (challenge: string, source: string): NonNullable<Demands['also']> =>
  ({ headers }) =>
    headers['www-authenticate'] === challenge ? [] : [`the header WWW-Authenticate must be ${challenge} (${source})`]
