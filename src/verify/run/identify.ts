import type { ContractDocument } from '../../contract/document.ts'
import type { Operation } from '../../contract/operations.ts'
import { wholeSchema } from '../../contract/schema.ts'
import type { Context } from './context.ts'
import { outgoingOf, plainGet } from './drafts.ts'
import type { Outgoing, Received, Send } from './exchange.ts'
import { examplePath } from './parameters.ts'
import { membersOf, requestOf } from './requests.ts'

/** Sends a few requests of the contract, and ends the run if the contract declares none of the responses. One declared
 * response is enough, because the service may be faulty. Headers, values and undeclared members do not matter.
 * @throws Error if the server cannot be reached, or is clearly another service */
export const identify = async (context: Context, send: Send, acceptsAnyServer: boolean): Promise<void> => {
  const toAnything = await send(outgoingOf(plainGet))
  if (acceptsAnyServer) return
  const lines: string[] = []
  for (const [operation, outgoing] of await identifyingRequests(context)) {
    const response = await send(outgoing).catch(() => undefined)
    // A server that stops responding may still be the service. In that case, the run ends soon.
    if (response === undefined) return
    const isRight = operation === context.signUp ? response.status < 400 : response.status >= 400
    const isSame = response.status === toAnything.status && response.body === toAnything.body
    if (isRight && !isSame && isDeclared(context.document, operation, response)) return
    lines.push(`  ${outgoing.method} ${outgoing.path}: ${response.status} ${mediaTypeOf(response)}`)
  }
  throw new Error(
    [
      'it does not respond like the service of this contract (openapi.yaml).',
      'Each response is one that the contract does not declare, or the same as the response to GET /:',
      ...lines,
      'Check the address, or run every check anyway: --all',
    ].join('\n'),
  )
}

/** Requests without their tokens and bodies, and a sign-up. The sign-up is last, because another service may keep the
 * account. */
const identifyingRequests = async ({
  operations,
  signUp,
  logIn,
  valid,
}: Context): Promise<readonly (readonly [Operation, Outgoing])[]> => {
  const readers = operations.filter(({ method, isSecured }) => method === 'get' && isSecured)
  return [
    ...[...readers, logIn].map((one) => [one, requestOf(one.method, examplePath(one))] as const),
    [signUp, outgoingOf(await valid(signUp))],
  ]
}

/** Whether the media type is declared for the status, and the body has the members that its schema requires. */
const isDeclared = (document: ContractDocument, { responses }: Operation, response: Received): boolean => {
  const schema = responses.get(response.status)?.content?.[mediaTypeOf(response)]?.schema
  const { required = [] } = schema ? wholeSchema(document, schema) : {}
  const members = membersOf(response)
  return required.length > 0 && required.every((name) => name in members)
}

const mediaTypeOf = ({ headers: { 'content-type': type } }: Received): string =>
  typeof type === 'string' ? type.replace(/;.*/, '') : 'without a media type'
