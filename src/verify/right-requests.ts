import { type ContractDocument, valueAt } from '../contract/document.ts'
import type { Operation, Parameter } from '../contract/operations.ts'
import { wholeSchema } from '../contract/schema.ts'
import type { Headers, Outgoing, Send } from './exchange.ts'
import { linkTo } from './links.ts'
import { exampleText, filledPath, withQuery } from './parameters.ts'
import { type Encoded, encode, type Fields, type Members, membersOf, requestOf } from './requests.ts'
import { failureOf, type Session, type Tokens } from './session.ts'
import { asText } from './values.ts'

/** What makes a request to an operation succeed. */
export interface Right {
  readonly operation: Operation
  readonly path: string
  /** The required ones. */
  readonly query: Fields
  /** Undefined where the operation asks for none. */
  readonly tokens: Tokens | undefined
  /** The members of the body; undefined where the operation takes none. */
  readonly body: Members | undefined
}

/** @param tokens to be used, also to find out what is in the path; where they are left out, some that are good for the
 * operation
 * @throws Error when the server does not give what is needed for it */
export type MakeRight = (operation: Operation, tokens?: Tokens) => Promise<Right>

/** A right request as it goes over the wire, and what is to be different about it. */
export const outgoingOf = (
  host: string,
  { operation, path, query, tokens, body }: Right,
  change: {
    /** The token; undefined for the right one. */
    readonly headers?: Headers | undefined
    readonly query?: Fields | undefined
    readonly body?: Encoded | undefined
  } = {},
): Outgoing => {
  const [mediaType = ''] = operation.body?.mediaTypes ?? []
  return requestOf(host, operation.method, withQuery(path, [...query, ...(change.query ?? [])]), {
    headers: change.headers ?? (tokens ? [bearer(tokens.accessToken)] : []),
    body: change.body ?? (body && encode(mediaType, body)),
  })
}

export const bearer = (token: string): readonly [string, string] => ['Authorization', `Bearer ${token}`]

export const createRightRequests = (
  document: ContractDocument,
  operations: readonly Operation[],
  session: Session,
  send: Send,
  host: string,
): MakeRight => {
  /** What another operation says of a parameter (OpenAPI's links), or the parameter's example. */
  const valueOf = async (
    operation: Operation,
    parameter: Parameter,
    tokens: Tokens | undefined,
  ): Promise<readonly [string, string]> => {
    const link = linkTo(document, operations, operation, parameter)
    if (link === undefined) return [parameter.name, exampleText(parameter) ?? 'x']
    const answer = await send(outgoingOf(host, await makeRight(link.source, tokens)))
    const value = answer.status < 300 ? valueAt(membersOf(answer), link.pointer) : undefined
    if (value === undefined || value === null)
      throw failureOf(`${parameter.name} is needed for this, but ${link.source.id} does not give one`, answer)
    return [parameter.name, asText(value)]
  }

  const makeRight: MakeRight = async (operation, given) => {
    const tokens = operation.isSecured ? (given ?? (await session.tokensFor(operation))) : undefined
    const values = (kind: string): Promise<Fields> =>
      Promise.all(
        operation.parameters
          .filter((parameter) => parameter.in === kind && parameter.required)
          .map((parameter) => valueOf(operation, parameter, tokens)),
      )
    return {
      operation,
      tokens,
      path: filledPath(operation.path, Object.fromEntries(await values('path'))),
      query: await values('query'),
      body: await rightBody(document, operation, session, tokens),
    }
  }
  return makeRight
}

/** The example of the body, with an account of this run in place of the one of the example. */
const rightBody = async (
  document: ContractDocument,
  operation: Operation,
  session: Session,
  tokens: Tokens | undefined,
): Promise<Members | undefined> => {
  const schema = operation.body?.schema
  if (schema === undefined) return undefined
  const example = (schema.example ?? {}) as Members
  if (operation.path === session.signUp.path) return { ...example, ...session.newAccount() }
  if (operation.path === session.logIn.path) return { ...example, ...(await session.account()) }
  if (tokens === undefined) return example
  // Whatever becomes of a password, it stays the same.
  const passwords = (schema.required ?? []).filter(
    (name) => wholeSchema(document, schema.properties?.[name] ?? {}).format === 'password',
  )
  return { ...example, ...Object.fromEntries(passwords.map((name) => [name, tokens.account.password])) }
}
