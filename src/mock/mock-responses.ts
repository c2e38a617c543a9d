import { type ContractDocument, type HeaderObject, resolve } from '../contract/document.ts'
import type { DeclaredResponse, Operation } from '../contract/operations.ts'
import type { Schema } from '../contract/schema.ts'

/** A response of the mock, made from an example of the contract. */
export interface MockResponse {
  readonly status: number
  /** The name of the example; undefined for a single unnamed example, and for a response without a body. */
  readonly example: string | undefined
  readonly body: unknown
  /** The required headers, and those that match the body, if the contract has a value for them. */
  readonly headers: Readonly<Record<string, string | number>>
}

interface ExampleHeader extends HeaderObject {
  readonly example?: string | number
  readonly schema: {
    readonly type: string
    readonly example?: string | number
    readonly enum?: readonly (string | number)[]
    readonly minimum?: number
  }
}

/** All responses that the contract has examples for, in its order. */
export const mockResponses = (document: ContractDocument, operation: Operation): readonly MockResponse[] =>
  [...operation.responses.values()].flatMap((response) =>
    bodiesOf(document, response).map(({ example, body }) => ({
      status: response.status,
      example,
      body,
      headers: headersOf(document, operation, response, body),
    })),
  )

type ExampleBody = Pick<MockResponse, 'example' | 'body'>

/** The examples of the first media type. The mock uses no other. */
const bodiesOf = (document: ContractDocument, { content }: DeclaredResponse): readonly ExampleBody[] => {
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
): MockResponse['headers'] =>
  Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, reference]) => {
      const value = valueOf(resolve<ExampleHeader>(document, reference), body)
      return value === undefined ? [] : [[name, withScope(value, operation)] as const]
    }),
  )

/** The value that matches the error code in the body. Otherwise the first value of a required header. */
const valueOf = ({ required, example, schema }: ExampleHeader, body: unknown): string | number | undefined => {
  const { code } = (body ?? {}) as { readonly code?: unknown }
  // A challenge spells the code as in RFC 6750: Bearer error="invalid_token".
  const named = typeof code === 'string' ? `"${code.replaceAll('-', '_')}"` : undefined
  const shown = [example, schema.example, ...(schema.enum ?? [])].filter((value) => value !== undefined)
  const matching = named === undefined ? undefined : shown.find((value) => String(value).includes(named))
  return matching ?? (required ? (shown[0] ?? schema.minimum) : undefined)
}

/** Replaces the scope of an example challenge by the scope of the operation. */
const withScope = (value: string | number, { scopes: [scopes = []] }: Operation): string | number =>
  typeof value === 'string' ? value.replace(/(?<=scope=")[^"]*/, scopes.join(' ')) : value
