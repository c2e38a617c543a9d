import type { Operation } from '../../contract/operations.ts'
import { type Change, type Check, type Demands, withHeaders } from '../check.ts'
import type { Context } from '../run/context.ts'
import type { Received } from '../run/exchange.ts'
import { bearer } from '../run/requests.ts'
import { forgeries } from './forgeries.ts'

/** What an operation responds to tokens. A secured operation refuses all but a valid one. Others ignore tokens. */
export const securityChecks = (operation: Operation, context: Context): readonly Check[] =>
  operation.isSecured ? securedChecks(operation, context) : openChecks(operation, context)

/** A client with a token sends it everywhere. */
const openChecks = (operation: Operation, { logIn, checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  return [
    ...(operation.body === undefined
      ? [
          check('no token', 'success'),
          check('a token that is not valid, where none is needed', 'success', withHeaders(bearer('abc'))),
        ]
      : []),
    // The 401 of the log-in is about the password. It takes an Authorization header as the name of a client.
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
  const missing = { also: asksForAToken }
  const invalid = { also: namesAnInvalidToken }
  return [
    check('a valid token', 'success'),
    check('a valid token, the scheme in lower case', 'success', ({ accessToken }) => ({
      headers: [['Authorization', `bearer ${accessToken}`]],
    })),
    check('no token', 401, withHeaders(), missing),
    check('another scheme', 401, withHeaders(['Authorization', 'Basic dmVyaWZ5OnZlcmlmeQ==']), missing),
    check('a token in the query alone', 401, inQuery, missing),
    ...Object.entries(forgeries).map(([title, forge]) =>
      check(title, 401, ({ accessToken }) => ({ headers: [bearer(forge(accessToken))] }), invalid),
    ),
    check('a refresh token', 401, async () => ({ headers: [bearer(await accounts.refreshToken())] }), refusedToken),
    check('two Authorization headers', 401, ({ headers }) => ({ headers: [...headers, ...headers] }), invalid),
    ...(expiredToken ? [check(expiredTitle, 401, withHeaders(bearer(expiredToken)), refusedToken)] : []),
  ]
}

export const expiredTitle = 'a token that has expired'

/** A challenge without an error: the request had no token (RFC 6750, 3.1). */
const asksForAToken = ({ headers }: Received): readonly string[] =>
  /^bearer(?!.*error=)/i.test(String(headers['www-authenticate']))
    ? []
    : ['the header WWW-Authenticate must be Bearer without an error, as there was no token (RFC 6750, 3.1)']

export const namesAnInvalidToken = ({ headers }: Received): readonly string[] =>
  /^bearer .*error="invalid_token"/i.test(String(headers['www-authenticate']))
    ? []
    : ['the header WWW-Authenticate must be Bearer with error="invalid_token" (RFC 6750, 3.1)']

/** The response must not tell why the token is invalid. */
export const refusedToken: Demands = { also: namesAnInvalidToken, equalsExample: true }

/** The challenge that RFC 6750 or RFC 9470 prescribes, to the letter. */
export const challenges =
  (challenge: string, source: string): NonNullable<Demands['also']> =>
  ({ headers }) =>
    headers['www-authenticate'] === challenge ? [] : [`the header WWW-Authenticate must be ${challenge} (${source})`]
