import type { ContractDocument } from '../contract/document.ts'
import { type Operation, operationsOf } from '../contract/operations.ts'
import { createRoutes } from '../contract/routes.ts'
import type { Outgoing, Received } from './exchange.ts'
import { rolesOf } from './roles.ts'
import { membersIn, membersOf } from './requests.ts'

/** An account with the password that it has by now. */
export interface Account {
  readonly username: string
  readonly password: string
}

/** What became of the accounts of a run, by its requests and their answers alone, whoever sent them. */
export interface Ledger {
  readonly note: (outgoing: Outgoing, answer: Received) => void
  /** How many requests have succeeded that may have changed something for a session or its account. */
  readonly changes: () => number
  /** How many sign-ups were acknowledged. */
  readonly signedUp: () => number
  /** How many deletions. */
  readonly deleted: () => number
  /** The accounts that are left. */
  readonly left: () => readonly Account[]
  /** Acknowledged sign-ups without a name and a password, by the beginning of the body. */
  readonly nameless: () => readonly string[]
}

export const openLedger = (document: ContractDocument): Ledger => {
  const { signUp, logIn } = rolesOf(document)
  const passwords = new Map<string, string>()
  const holders = new Map<string, string>()
  const nameless: string[] = []
  const routes = createRoutes(operationsOf(document))
  let deleted = 0
  let changes = 0

  /** Undefined for a request that is none of HTTP, or is not to an operation. */
  const operationOf = ({ method, path, bytes }: Outgoing): Operation | undefined => {
    const [plain = ''] = path.split('?')
    const operations = bytes === undefined ? routes.find(plain)?.route.operations : undefined
    return [...(operations?.values() ?? [])].find((operation) => operation.method === method.toLowerCase())
  }

  const noteSignUp = (body: string): void => {
    const { username, password } = membersIn(body)
    if (typeof username === 'string' && typeof password === 'string') passwords.set(username, password)
    else nameless.push(JSON.stringify(body.slice(0, 40)))
  }

  const noteTokens = ({ body }: Outgoing, answer: Received): void => {
    const form = new URLSearchParams(body?.toString())
    const holder = form.get('username') ?? holders.get(form.get('refresh_token') ?? '')
    const { access_token: accessToken, refresh_token: refreshToken } = membersOf(answer)
    if (holder === undefined) return
    for (const token of [accessToken, refreshToken]) if (typeof token === 'string') holders.set(token, holder)
  }

  return {
    note: (outgoing, answer) => {
      if (answer.status < 200 || answer.status >= 300) return
      const operation = operationOf(outgoing)
      if (operation === undefined) return
      if (operation.method !== 'get' && operation.isSecured) changes += 1
      const { body } = outgoing
      if (operation.id === signUp.id) noteSignUp(body?.toString() ?? '')
      else if (operation.id === logIn.id) noteTokens(outgoing, answer)
      else {
        const holder = holders.get(bearerOf(outgoing)) ?? ''
        if (!passwords.has(holder)) return
        const { new_password: password } = membersIn(body?.toString() ?? '')
        if (operation.id === 'deleteAccount') {
          passwords.delete(holder)
          deleted += 1
        } else if (operation.id === 'changePassword' && typeof password === 'string') passwords.set(holder, password)
      }
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
