import type { Operation } from '../../contract/operations.ts'
import type { Check } from '../check.ts'
import { refreshOf, type Tokens } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import { authorization } from '../run/drafts.ts'
import { once } from '../run/once.ts'
import { bearer } from '../run/requests.ts'
import { operationNamed } from '../run/roles.ts'
import { namesAnInvalidToken } from './security.ts'

/** An operation that ends sessions: the one of its own token, another one of the same account, or both. */
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

const titles = { own: 'of the session that asks', other: 'of another session', stranger: 'of another account' }

/** What no schema says: which tokens are valid after an operation that ends sessions. */
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

/** Opens the sessions and performs the operation.
 * @throws Error when the operation refuses */
const endSessions = async (
  { token }: Ending,
  operation: Operation,
  { accounts, valid, perform }: Context,
): Promise<Sessions> => {
  const account = await accounts.freshAccount()
  const other = await accounts.open(account)
  // A session in the path is the other one, since the account has no more sessions yet.
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

/** Whether an access token is still valid, and the refresh token of the same log-in. */
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
