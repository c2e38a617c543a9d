import type { ContractDocument } from '../../contract/document.ts'
import { type Operation, operationsOf } from '../../contract/operations.ts'
import { createRoutes } from '../../contract/routes.ts'
import type { Outgoing, Received } from './exchange.ts'
import { membersIn, membersOf } from './requests.ts'
import { rolesOf } from './roles.ts'

/** An account with its current password. */
export type Account = Readonly<Record<'username' | 'password', string>>

/** The accounts that the requests of a run have created and deleted, in any check. */
export interface CreatedAccounts {
  readonly note: (outgoing: Outgoing, response: Received) => void
  /** How many successful requests may have changed a session or its account. */
  readonly changes: () => number
  /** How many sign-ups succeeded. */
  readonly signedUp: () => number
  /** How many deletions succeeded. */
  readonly deleted: () => number
  /** The accounts that still exist. */
  readonly left: () => readonly Account[]
  /** The beginnings of request bodies that signed up although they lacked a name or a password. */
  readonly nameless: () => readonly string[]
}

export const trackAccounts = (document: ContractDocument): CreatedAccounts => {
  const { signUp, logIn } = rolesOf(document)
  const passwords = new Map<string, string>()
  const holders = new Map<string, string>()
  const nameless: string[] = []
  const routes = createRoutes(operationsOf(document))
  let deleted = 0
  let changes = 0

  /** Undefined if the request is not HTTP or matches no operation. */
  const operationOf = ({ method, path, bytes }: Outgoing): Operation | undefined => {
    const [plain = ''] = path.split('?')
    return bytes === undefined ? routes.find(plain)?.route.operations.get(method.toLowerCase()) : undefined
  }

  const noteSignUp = (body: string): void => {
    const { username, password } = membersIn(body)
    if (typeof username === 'string' && typeof password === 'string') passwords.set(username, password)
    else nameless.push(JSON.stringify(body.slice(0, 40)))
  }

  const noteTokens = (body: string, response: Received): void => {
    const form = new URLSearchParams(body)
    const holder = form.get('username') ?? holders.get(form.get('refresh_token') ?? '')
    const { access_token: accessToken, refresh_token: refreshToken } = membersOf(response)
    if (holder === undefined) return
    for (const token of [accessToken, refreshToken]) if (typeof token === 'string') holders.set(token, holder)
  }

  const noteChange = (operationId: string, holder: string, body: string): void => {
    if (!passwords.has(holder)) return
    const { new_password: password } = membersIn(body)
    if (operationId === 'deleteAccount') {
      passwords.delete(holder)
      deleted += 1
    } else if (operationId === 'changePassword' && typeof password === 'string') passwords.set(holder, password)
  }

  return {
    note: (outgoing, response) => {
      const operation = response.status >= 200 && response.status < 300 ? operationOf(outgoing) : undefined
      if (operation === undefined) return
      if (operation.method !== 'get' && operation.isSecured) changes += 1
      const body = outgoing.body?.toString() ?? ''
      if (operation.id === signUp.id) noteSignUp(body)
      else if (operation.id === logIn.id) noteTokens(body, response)
      else noteChange(operation.id, holders.get(bearerOf(outgoing)) ?? '', body)
    },
    changes: () => changes,
    signedUp: () => passwords.size + deleted + nameless.length,
    deleted: () => deleted,
    left: () => [...passwords].map(([username, password]) => ({ username, password })),
    nameless: () => nameless,
  }
}

const bearerOf = ({ headers }: Outgoing): string =>
  headers.find(([name]) => name === 'Authorization')?.[1].replace(/^bearer /i, '') ?? ''
