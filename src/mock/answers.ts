import { type ContractDocument, type HeaderObject, resolve } from '../contract/document.ts'
import type { DeclaredResponse, Operation } from '../contract/operations.ts'
import type { Schema } from '../contract/schema.ts'

/** An answer that the contract shows. */
export interface ShownAnswer {
  readonly status: number
  /** The name of the example; undefined for the only one, or where there is no body. */
  readonly example: string | undefined
  readonly body: unknown
  /** The headers that this answer must have, as far as the contract shows values. */
  readonly headers: Readonly<Record<string, string | number>>
}

interface ShownHeader extends HeaderObject {
  readonly example?: string | number
  readonly schema: {
    readonly type: string
    readonly example?: string | number
    readonly enum?: readonly (string | number)[]
    readonly minimum?: number
  }
}

/** Every answer that the contract shows for an operation, in its order. */
export const shownAnswers = (document: ContractDocument, operation: Operation): readonly ShownAnswer[] =>
  [...operation.responses.values()].flatMap((response) =>
    bodiesOf(document, response).map(({ example, body }) => ({
      status: response.status,
      example,
      body,
      headers: headersOf(document, operation, response, body),
    })),
  )

type ShownBody = Pick<ShownAnswer, 'example' | 'body'>

/** The examples of the first media type, which is the one that is answered. */
const bodiesOf = (document: ContractDocument, { content }: DeclaredResponse): readonly ShownBody[] => {
  const [media] = Object.values(content ?? {})
  if (media === undefined) return [{ example: undefined, body: undefined }]
  const named = Object.entries(media.examples ?? {}).map(([example, { value }]) => ({ example, body: value }))
  const plain = media.example ?? resolve<Schema>(document, media.schema ?? {}).example
  return plain === undefined ? named : [...named, { example: undefined, body: plain }]
}

const headersOf = (
  document: ContractDocument,
  operation: Operation,
  { headers }: DeclaredResponse,
  body: unknown,
): ShownAnswer['headers'] =>
  Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, reference]) => {
      const value = valueOf(resolve<ShownHeader>(document, reference), body)
      return value === undefined ? [] : [[name, withScope(value, operation)] as const]
    }),
  )

/** The value that belongs to the body; else, for a header that must be there, the first one shown. */
const valueOf = ({ required, example, schema }: ShownHeader, body: unknown): string | number | undefined => {
  const { code } = (body ?? {}) as { readonly code?: unknown }
  // A challenge names the error as RFC 6750 spells it: Bearer error="invalid_token".
  const named = typeof code === 'string' ? `"${code.replaceAll('-', '_')}"` : undefined
  const shown = [example, schema.example, ...(schema.enum ?? [])].filter((value) => value !== undefined)
  const matching = named === undefined ? undefined : shown.find((value) => String(value).includes(named))
  return matching ?? (required ? (shown[0] ?? schema.minimum) : undefined)
}

/** A challenge names the scope of the operation, whichever one the contract shows. */
const withScope = (value: string | number, { scopes: [scopes = []] }: Operation): string | number =>
  typeof value === 'string' ? value.replace(/(?<=scope=")[^"]*/, scopes.join(' ')) : value
