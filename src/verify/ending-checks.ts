import type { Operation } from '../contract/operations.ts'
import type { Check, Material } from './checks.ts'
import { asAnExample } from './examples.ts'
import { memoized } from './memoized.ts'
import { encode, type Members, requestOf, urlencoded } from './requests.ts'
import { perform } from './perform.ts'
import { outgoingOf } from './right-requests.ts'
import { operationNamed, probeOf } from './roles.ts'
import { namesAnInvalidToken } from './security-checks.ts'
import type { Tokens } from './session.ts'

/** An operation that ends sessions: those of its own token, of another log-in of the same account, or both. */
interface Ending {
  readonly operationId: string
  readonly means?: string
  readonly endsOwn: boolean
  readonly endsOther: boolean
  /** The body, where it is not the right one. */
  readonly body?: (right: Members, other: Tokens) => Members
}

const endings: readonly Ending[] = [
  { operationId: 'logout', endsOwn: true, endsOther: false },
  { operationId: 'endSession', endsOwn: false, endsOther: true },
  { operationId: 'endOtherSessions', endsOwn: false, endsOther: true },
  { operationId: 'changePassword', endsOwn: false, endsOther: true },
  { operationId: 'deleteAccount', endsOwn: true, endsOther: true },
  {
    operationId: 'revokeToken',
    means: ' with its refresh token',
    endsOwn: false,
    endsOther: true,
    body: (right, { refreshToken }) => ({ ...right, token: refreshToken }),
  },
  {
    operationId: 'revokeToken',
    means: ' with its access token',
    endsOwn: false,
    endsOther: true,
    body: (right, { accessToken }) => ({ ...right, token: accessToken }),
  },
]

/** Two sessions of one account, and one of another account. */
interface Scene {
  readonly own: Tokens
  readonly other: Tokens
  readonly stranger: Tokens
}

/** What no schema says: which tokens are valid after an operation that ends sessions, and which are not. */
export const endingChecks = (material: Material): readonly Check[] =>
  endings.flatMap((ending) => {
    const operation = operationNamed(material.document, ending.operationId)
    if (operation === undefined) return []
    const scene = memoized(() => play(ending, operation, material))
    const after = `after ${ending.operationId}${ending.means ?? ''}`
    return [
      ...tokenChecks(`of the session that asks, ${after}`, ending.endsOwn, material, async () => (await scene()).own),
      ...tokenChecks(`of another session, ${after}`, ending.endsOther, material, async () => (await scene()).other),
      ...tokenChecks(`of another account, ${after}`, false, material, async () => (await scene()).stranger),
    ]
  })

/** The sessions after the operation.
 * @throws Error when the operation refuses */
const play = async ({ body }: Ending, operation: Operation, material: Material): Promise<Scene> => {
  const { session, makeRight } = material
  const account = await session.freshAccount()
  const other = await session.open(account)
  // While this session is the only one: where a path names a session, it is this.
  const right = await makeRight(operation, other)
  const own = await session.open(account)
  const stranger = await session.open(await session.account())
  await perform(material, {
    ...right,
    tokens: right.tokens && own,
    body: right.body && (body?.(right.body, other) ?? right.body),
  })
  return { own, other, stranger }
}

/** Whether an access token is still valid, and the refresh token beside it. */
const tokenChecks = (
  whose: string,
  isOver: boolean,
  { document, session, host, makeRight }: Material,
  tokens: () => Promise<Tokens>,
): readonly Check[] => {
  const { logIn } = session
  const probe = probeOf(document)
  return [
    ...(probe === undefined
      ? []
      : [
          {
            operationId: probe.id,
            title: `an access token ${whose}`,
            ...(isOver ? { expected: 401, also: namesAnInvalidToken } : { expected: 'success' as const }),
            request: async () => outgoingOf(host, await makeRight(probe, await tokens())),
          },
        ]),
    {
      operationId: logIn.id,
      title: `a refresh token ${whose}`,
      ...(isOver ? { expected: 400, also: asAnExample(document, logIn.id) } : { expected: 'success' as const }),
      request: async () => {
        const { refreshToken } = await tokens()
        return requestOf(host, logIn.method, logIn.path, {
          body: encode(urlencoded, { grant_type: 'refresh_token', refresh_token: refreshToken }),
        })
      },
    },
  ]
}
