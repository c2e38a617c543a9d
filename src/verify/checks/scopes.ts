import { declaredScopes } from '../../contract/document.ts'
import type { Operation } from '../../contract/operations.ts'
import { type Change, type Check, type Demands, withMembers } from '../check.ts'
import { refreshOf } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import { bearer, membersOf } from '../run/requests.ts'
import { challenges } from './security.ts'

/** Checks of the scopes that operations require, and that log-in and refresh grant (RFC 6749, 3.3 and 6; RFC 6750,
 * 3.1). */
export const scopeChecks = (context: Context): readonly Check[] => {
  const declared = declaredScopes(context.document)
  if (declared.length === 0) return []
  return [
    ...context.operations
      .filter(({ isSecured }) => isSecured)
      .flatMap((operation) => narrowedTokenChecks(operation, declared, context)),
    ...logInChecks(declared, context),
    ...refreshChecks(declared, context),
  ]
}

/** Checks of an operation with tokens of a log-in that requested fewer scopes. */
const narrowedTokenChecks = (
  operation: Operation,
  declared: readonly string[],
  { accounts, checksOf }: Context,
): readonly Check[] => {
  const check = checksOf(operation)
  const [needed = []] = operation.scopes
  const others = declared.filter((scope) => !operation.scopes.flat().includes(scope))
  const narrowed =
    (scopes: readonly string[]): Change =>
    async ({ account }) => ({ headers: [bearer((await accounts.open(account, scopes.join(' '))).accessToken)] })
  if (needed.length === 0)
    return [
      check('a token with one scope, for an operation that requires none', 'success', narrowed(declared.slice(0, 1))),
    ]
  const challenge = `Bearer error="insufficient_scope", scope="${needed.join(' ')}"`
  const refused = { also: challenges(challenge, 'RFC 6750, 3.1'), equalsExample: true }
  return [
    check('a token with only the required scope', 'success', narrowed(needed)),
    ...(others.length > 0
      ? [check('a token with all scopes except the required one', 403, narrowed(others), refused)]
      : []),
  ]
}

const logInChecks = (declared: readonly string[], { logIn, checksOf }: Context): readonly Check[] => {
  const check = checksOf(logIn)
  return [
    check('a log-in that requests no scope', 'success', withMembers({ scope: undefined }), grants(declared)),
    ...declared.map((scope) =>
      check(`a log-in that requests ${scope}`, 'success', withMembers({ scope }), grants([scope])),
    ),
  ]
}

const refreshChecks = (declared: readonly string[], { logIn, accounts, checksOf }: Context): readonly Check[] => {
  const check = checksOf(logIn)
  const [first = '', second] = declared
  let latest: string | undefined
  /** A refresh after a log-in. Each of them requests one scope or none. */
  const refresh =
    (loggedInFor?: string, scope?: string): Change =>
    async () => {
      latest = undefined
      const { refreshToken } = await accounts.open(await accounts.account(), loggedInFor)
      latest = refreshToken
      return { body: refreshOf(refreshToken, scope) }
    }
  const again = () => {
    if (latest === undefined) throw new Error('the required log-in failed')
    return { body: refreshOf(latest) }
  }
  return [
    check('a refresh that requests no scope', 'success', refresh(), grants(declared)),
    check('a refresh that requests no scope, after a log-in with one', 'success', refresh(first), grants([first])),
    check('a refresh that requests one scope', 'success', refresh(undefined, first), grants([first])),
    ...(second === undefined
      ? []
      : [
          check('a refresh beyond the scope of the log-in', 400, refresh(first, second), refusesScope),
          check('the same refresh token after that', 'success', again, grants([first])),
        ]),
  ]
}

/** The response names the scopes, in any order. */
const grants = (scopes: readonly string[]): Demands => ({
  also: (response) => {
    const granted = String(membersOf(response).scope)
    const isSame = granted.split(' ').sort().join(' ') === [...scopes].sort().join(' ')
    return isSame ? [] : [`the scope must be ${scopes.join(' ')}, not ${granted}`]
  },
})

const refusesScope: Demands = {
  equalsExample: true,
  also: (response) =>
    membersOf(response).error === 'invalid_scope' ? [] : ['the error must be invalid_scope (RFC 6749, 5.2)'],
}
