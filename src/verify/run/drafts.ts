import { type ContractDocument, valueAt } from '../../contract/document.ts'
import type { Operation, Parameter } from '../../contract/operations.ts'
import { wholeSchema } from '../../contract/schema.ts'
import type { Accounts, Tokens } from './accounts.ts'
import type { Account } from './created-accounts.ts'
import type { Headers, Outgoing, Received, Send } from './exchange.ts'
import { asText, exampleText, filledPath, linkTo, withQuery } from './parameters.ts'
import { bearer, type Encoded, encode, failureOf, type Fields, type Members, membersOf, requestOf } from './requests.ts'
import type { Roles } from './roles.ts'

/** A request before it is encoded. */
export interface Draft {
  /** Undefined for a request that matches no operation. */
  readonly operation: Operation | undefined
  readonly method: string
  readonly path: string
  readonly query: Fields
  /** The account of the token. Both are empty if the operation requires no token. */
  readonly account: Account
  readonly accessToken: string
  readonly headers: Headers
  /** Undefined if the operation has no request body. */
  readonly body: Members | undefined
  /** Sent instead of `body`. */
  readonly encoded?: Encoded
  /** Bytes that are not HTTP. They are sent instead of all the above. */
  readonly bytes?: string
}

const noAccount: Account = { username: '', password: '' }

export const plainGet: Draft = {
  operation: undefined,
  method: 'GET',
  path: '/',
  query: [],
  account: noAccount,
  accessToken: '',
  headers: [],
  body: undefined,
}

export const outgoingOf = ({ operation, method, path, query, headers, body, encoded, bytes }: Draft): Outgoing => {
  const [mediaType = ''] = operation?.body?.mediaTypes ?? []
  const given = { headers, body: encoded ?? (body && encode(mediaType, body)) }
  return { ...requestOf(method, withQuery(path, query), given), bytes }
}

/** The Authorization header, if the operation requires a token. */
export const authorization = ({ isSecured }: Operation, accessToken: string): Headers =>
  isSecured ? [bearer(accessToken)] : []

/** Creates and sends valid requests. */
export interface Drafts {
  /** Creates a request with the required parameters, a token if one is required, and the example of the body.
   * @param tokens used for the request, and to find the values of its parameters; by default, new tokens for the
   * operation
   * @throws Error if the server does not return a token or a value that the request needs */
  readonly valid: (operation: Operation, tokens?: Tokens) => Promise<Draft>
  /** Sends a request that a check depends on.
   * @throws Error if it fails */
  readonly perform: (draft: Draft) => Promise<Received>
}

export const createDrafts = (
  document: ContractDocument,
  operations: readonly Operation[],
  { signUp, logIn }: Roles,
  accounts: Accounts,
  send: Send,
): Drafts => {
  /** The value from an operation that links to this parameter, or the parameter's example. */
  const valueOf = async (
    operation: Operation,
    parameter: Parameter,
    tokens: Tokens | undefined,
  ): Promise<readonly [string, string]> => {
    const link = linkTo(document, operations, operation, parameter)
    if (link === undefined) return [parameter.name, exampleText(parameter) ?? 'x']
    const response = await send(outgoingOf(await valid(link.source, tokens)))
    const value = response.status < 300 ? valueAt(membersOf(response), link.pointer) : undefined
    if (value === undefined || value === null)
      throw failureOf(`${link.source.id} returned no ${parameter.name}, which is required`, response)
    return [parameter.name, asText(value)]
  }

  /** The example of the body, with an account of this run. */
  const bodyOf = async ({ path, body }: Operation, tokens: Tokens | undefined): Promise<Members | undefined> => {
    if (body === undefined) return undefined
    const { example, required = [], properties = {} } = body.schema
    const members = (example ?? {}) as Members
    if (path === signUp.path) return { ...members, ...accounts.newAccount() }
    if (path === logIn.path) return { ...members, ...(await accounts.account()) }
    if (tokens === undefined) return members
    // A new password equals the current one, so that the account keeps its password.
    const passwords = required.filter((name) => wholeSchema(document, properties[name] ?? {}).format === 'password')
    return { ...members, ...Object.fromEntries(passwords.map((name) => [name, tokens.account.password])) }
  }

  const valid: Drafts['valid'] = async (operation, given) => {
    const tokens = operation.isSecured ? (given ?? (await accounts.tokensFor(operation))) : undefined
    const values = (kind: string): Promise<Fields> =>
      Promise.all(
        operation.parameters
          .filter((parameter) => parameter.in === kind && parameter.required)
          .map((parameter) => valueOf(operation, parameter, tokens)),
      )
    const { account, accessToken } = tokens ?? { account: noAccount, accessToken: '' }
    return {
      operation,
      method: operation.method,
      path: filledPath(operation.path, Object.fromEntries(await values('path'))),
      query: await values('query'),
      account,
      accessToken,
      headers: authorization(operation, accessToken),
      body: await bodyOf(operation, tokens),
    }
  }

  return {
    valid,
    perform: async (draft) => {
      const response = await send(outgoingOf(draft))
      if (response.status < 300) return response
      throw failureOf(`the required ${draft.operation?.id} failed`, response)
    },
  }
}
