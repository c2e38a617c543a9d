import { declaredScopes } from '../../contract/document.ts'
import type { Operation } from '../../contract/operations.ts'
import { type Change, type Check, type Demands, withMembers } from '../check.ts'
import { refreshOf } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import { bearer, membersOf } from '../run/requests.ts'
import { challenges } from './security.ts'

/** What a token may do, and how log-in and refresh decide it (RFC 6749, 3.3 and 6; RFC 6750, 3.1). */
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

/** A token that was narrowed at the log-in, for operations that require scopes and for others. */
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
    return [check('a token of one scope, where none is needed', 'success', narrowed(declared.slice(0, 1)))]
  const challenge = `Bearer error="insufficient_scope", scope="${needed.join(' ')}"`
  const refused = { also: challenges(challenge, 'RFC 6750, 3.1'), equalsExample: true }
  return [
    check('a token of no scope but the one that is needed', 'success', narrowed(needed)),
    ...(others.length > 0
      ? [check('a token of all scopes but the one that is needed', 403, narrowed(others), refused)]
      : []),
  ]
}

const logInChecks = (declared: readonly string[], { logIn, checksOf }: Context): readonly Check[] => {
  const check = checksOf(logIn)
  return [
    check('a log-in that asks for no scope', 'success', withMembers({ scope: undefined }), grants(declared)),
    ...declared.map((scope) =>
      check(`a log-in that asks for ${scope}`, 'success', withMembers({ scope }), grants([scope])),
    ),
  ]
}

const refreshChecks = (declared: readonly string[], { logIn, accounts, checksOf }: Context): readonly Check[] => {
  const check = checksOf(logIn)
  const [first = '', second] = declared
  let latest: string | undefined
  /** A refresh that requests one scope or none, after a log-in that did. */
  const refresh =
    (loggedInFor?: string, scope?: string): Change =>
    async () => {
      latest = undefined
      const { refreshToken } = await accounts.open(await accounts.account(), loggedInFor)
      latest = refreshToken
      return { body: refreshOf(refreshToken, scope) }
    }
  const again = () => {
    if (latest === undefined) throw new Error('a refresh token is needed for this')
    return { body: refreshOf(latest) }
  }
  return [
    check('a refresh that asks for no scope', 'success', refresh(), grants(declared)),
    check('a refresh that asks for no scope, after a log-in for one', 'success', refresh(first), grants([first])),
    check('a refresh that asks for one scope', 'success', refresh(undefined, first), grants([first])),
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
