import { declaredScopes } from '../contract/document.ts'
import type { Operation } from '../contract/operations.ts'
import type { Check, Material } from './checks.ts'
import { asAnExample } from './examples.ts'
import type { Received } from './exchange.ts'
import { encode, membersOf, requestOf, urlencoded } from './requests.ts'
import { bearer, outgoingOf } from './right-requests.ts'

/** What a token may do, and how log-in and refresh settle it (RFC 6749, 3.3 and 6; RFC 6750, 3.1). */
export const scopeChecks = (material: Material): readonly Check[] => {
  const declared = declaredScopes(material.document)
  if (declared.length === 0) return []
  return [
    ...material.operations
      .filter(({ isSecured }) => isSecured)
      .flatMap((operation) => demandChecks(operation, declared, material)),
    ...logInChecks(declared, material),
    ...refreshChecks(declared, material),
  ]
}

/** A token that was narrowed at the log-in, where its operation asks for scopes and where not. */
const demandChecks = (
  operation: Operation,
  declared: readonly string[],
  { document, session, host, makeRight }: Material,
): readonly Check[] => {
  const { id: operationId, scopes: alternatives } = operation
  const [needed = []] = alternatives
  const also = (answer: Received): readonly string[] => [
    ...asksForScope(needed.join(' '))(answer),
    ...asAnExample(document, operationId)(answer),
  ]
  const others = declared.filter((scope) => !alternatives.flat().includes(scope))
  const check = (title: string, scopes: readonly string[], expected: Check['expected']): Check => ({
    operationId,
    title,
    expected,
    ...(expected === 403 ? { also } : {}),
    request: async () => {
      // What is in the path may take other scopes to find out.
      const tokens = await session.tokensFor(operation)
      const right = await makeRight(operation, tokens)
      const { accessToken } = await session.open(tokens.account, scopes.join(' '))
      return outgoingOf(host, right, { headers: [bearer(accessToken)] })
    },
  })
  if (needed.length === 0) return [check('a token of one scope, where none is needed', declared.slice(0, 1), 'success')]
  return [
    check('a token of no scope but the one that is needed', needed, 'success'),
    ...(others.length > 0 ? [check('a token of all scopes but the one that is needed', others, 403)] : []),
  ]
}

const asksForScope =
  (scope: string) =>
  ({ headers }: Received): readonly string[] => {
    const challenge = `Bearer error="insufficient_scope", scope="${scope}"`
    return headers['www-authenticate'] === challenge
      ? []
      : [`the header WWW-Authenticate must be ${challenge} (RFC 6750, 3.1)`]
  }

const logInChecks = (declared: readonly string[], { session, host }: Material): readonly Check[] => {
  const { logIn } = session
  const check = (title: string, scopes: readonly string[] | undefined): Check => ({
    operationId: logIn.id,
    title,
    expected: 'success',
    also: grants(scopes ?? declared),
    request: async () =>
      requestOf(host, logIn.method, logIn.path, {
        body: encode(urlencoded, { ...(await session.account()), ...(scopes && { scope: scopes.join(' ') }) }),
      }),
  })
  return [
    check('a log-in that asks for no scope', undefined),
    ...declared.map((scope) => check(`a log-in that asks for ${scope}`, [scope])),
  ]
}

const refreshChecks = (declared: readonly string[], { document, session, host }: Material): readonly Check[] => {
  const { logIn } = session
  const [first = '', second] = declared
  const check = (
    title: string,
    expected: Check['expected'],
    also: Check['also'],
    fields: () => Promise<Readonly<Record<string, string>>>,
  ): Check => ({
    operationId: logIn.id,
    title,
    expected,
    ...(also ? { also } : {}),
    request: async () =>
      requestOf(host, logIn.method, logIn.path, {
        body: encode(urlencoded, { grant_type: 'refresh_token', ...(await fields()) }),
      }),
  })
  const opened = async (scope?: string): Promise<{ readonly refresh_token: string }> => {
    const { refreshToken } = await session.open(await session.account(), scope)
    return { refresh_token: refreshToken }
  }
  let refused = ''
  return [
    check('a refresh that asks for no scope', 'success', grants(declared), () => opened()),
    check('a refresh that asks for no scope, after a log-in for one', 'success', grants([first]), () => opened(first)),
    check('a refresh that asks for one scope', 'success', grants([first]), async () => ({
      ...(await opened()),
      scope: first,
    })),
    ...(second === undefined
      ? []
      : [
          check('a refresh beyond the scope of the log-in', 400, refusesScope(document, logIn), async () => {
            const { refresh_token } = await opened(first)
            refused = refresh_token
            return { refresh_token, scope: second }
          }),
          check('the same refresh token after that', 'success', grants([first]), async () => {
            if (refused === '') throw new Error('a refresh token is needed for this')
            return { refresh_token: refused }
          }),
        ]),
  ]
}

/** The answer names the scopes, in any order. */
const grants =
  (scopes: readonly string[]) =>
  (answer: Received): readonly string[] => {
    const granted = String(membersOf(answer).scope)
    const isSame = granted.split(' ').sort().join(' ') === [...scopes].sort().join(' ')
    return isSame ? [] : [`the scope must be ${scopes.join(' ')}, not ${granted}`]
  }

const refusesScope =
  (document: Material['document'], operation: Operation) =>
  (answer: Received): readonly string[] => [
    ...(membersOf(answer).error === 'invalid_scope' ? [] : ['the error must be invalid_scope (RFC 6749, 5.2)']),
    ...asAnExample(document, operation.id)(answer),
  ]
