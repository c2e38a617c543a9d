import type { Operation } from '../../contract/operations.ts'
import type { Check } from '../check.ts'
import { refreshOf, type Tokens } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import { authorization } from '../run/drafts.ts'
import { once } from '../run/once.ts'
import { bearer } from '../run/requests.ts'
import { operationNamed } from '../run/roles.ts'
import { namesAnInvalidToken } from './security.ts'

/** An operation that ends the session of its token, another session of the account, or both. */
interface Ending {
  readonly operationId: string
  readonly ends: readonly (keyof Sessions)[]
  readonly means?: string
  /** The token of the other session that the request body names. */
  readonly token?: 'accessToken' | 'refreshToken'
}

const endings: readonly Ending[] = [
  { operationId: 'logout', ends: ['own'] },
  { operationId: 'endSession', ends: ['other'] },
  { operationId: 'endOtherSessions', ends: ['other'] },
  { operationId: 'changePassword', ends: ['other'] },
  { operationId: 'deleteAccount', ends: ['own', 'other'] },
  { operationId: 'revokeToken', means: ' with its refresh token', ends: ['other'], token: 'refreshToken' },
  { operationId: 'revokeToken', means: ' with its access token', ends: ['other'], token: 'accessToken' },
]

/** Two sessions of one account, and one of another account. */
interface Sessions {
  readonly own: Tokens
  readonly other: Tokens
  readonly stranger: Tokens
}

const titles = { own: 'of the calling session', other: 'of another session', stranger: 'of another account' }

/** Rules that no schema can express: which tokens are valid after an operation that ends sessions. */
export const endedSessionChecks = (context: Context): readonly Check[] =>
  endings.flatMap((ending) => {
    const operation = operationNamed(context.operations, ending.operationId)
    if (operation === undefined) return []
    const sessions = once(() => endSessions(ending, operation, context))
    return (['own', 'other', 'stranger'] as const).flatMap((whose) => {
      const title = `${titles[whose]}, after ${ending.operationId}${ending.means ?? ''}`
      return tokenChecks(title, ending.ends.includes(whose), context, async () => (await sessions())[whose])
    })
  })

/** Opens the sessions, and performs the operation.
 * @throws Error if the operation fails */
const endSessions = async (
  { token }: Ending,
  operation: Operation,
  { accounts, valid, perform }: Context,
): Promise<Sessions> => {
  const account = await accounts.freshAccount()
  const other = await accounts.open(account)
  // The path names the other session, because the account has only this one yet.
  const draft = await valid(operation, other)
  const own = await accounts.open(account)
  const stranger = await accounts.open(await accounts.account())
  await perform({
    ...draft,
    headers: authorization(operation, own.accessToken),
    body: token ? { ...draft.body, token: other[token] } : draft.body,
  })
  return { own, other, stranger }
}

/** Checks whether the access token and the refresh token of a log-in are still valid. */
const tokenChecks = (
  whose: string,
  isOver: boolean,
  { logIn, probe, checksOf }: Context,
  tokens: () => Promise<Tokens>,
): readonly Check[] => {
  const access = async () => ({ headers: [bearer((await tokens()).accessToken)] })
  const refresh = async () => ({ body: refreshOf((await tokens()).refreshToken) })
  const invalid = isOver ? { also: namesAnInvalidToken } : {}
  return [
    ...(probe ? [checksOf(probe)(`an access token ${whose}`, isOver ? 401 : 'success', access, invalid)] : []),
    checksOf(logIn)(`a refresh token ${whose}`, isOver ? 400 : 'success', refresh, { equalsExample: isOver }),
  ]
}
