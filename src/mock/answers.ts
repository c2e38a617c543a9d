import { type ContractDocument, type HeaderObject, type OperationObject, resolve } from '../contract/document.ts'

/** An answer that the contract shows. */
export interface ShownAnswer {
  readonly status: number
  /** The name of the example; undefined for the only one, or where there is no body. */
  readonly example: string | undefined
  readonly body: unknown
  /** The headers that this answer must have, as far as the contract shows values. */
  readonly headers: Readonly<Record<string, string | number>>
}

interface Shown {
  readonly headers?: Readonly<Record<string, { readonly $ref: string } | ShownHeader>>
  readonly content?: Readonly<Record<string, Media>>
}

interface Media {
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
  readonly schema?: { readonly $ref: string } | { readonly example?: unknown }
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
export const shownAnswers = (document: ContractDocument, operation: OperationObject): readonly ShownAnswer[] =>
  Object.entries(operation.responses).flatMap(([status, reference]) => {
    const response = resolve<Shown>(document, reference as Shown)
    return bodiesOf(document, response).map(({ example, body }) => ({
      status: Number(status),
      example,
      body,
      headers: headersOf(document, response, body),
    }))
  })

type ShownBody = Pick<ShownAnswer, 'example' | 'body'>

/** The examples of the first media type, which is the one that is answered. */
const bodiesOf = (document: ContractDocument, { content }: Shown): readonly ShownBody[] => {
  const [media] = Object.values(content ?? {})
  if (media === undefined) return [{ example: undefined, body: undefined }]
  const named = Object.entries(media.examples ?? {}).map(([example, { value }]) => ({ example, body: value }))
  const schema = resolve<{ readonly example?: unknown }>(document, media.schema ?? {})
  const plain = media.example ?? schema.example
  return plain === undefined ? named : [...named, { example: undefined, body: plain }]
}

const headersOf = (document: ContractDocument, { headers }: Shown, body: unknown): ShownAnswer['headers'] =>
  Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, reference]) => {
      const header = resolve<ShownHeader>(document, reference)
      const value = header.required ? valueOf(header, body) : undefined
      return value === undefined ? [] : [[name, value] as const]
    }),
  )

const valueOf = ({ example, schema }: ShownHeader, body: unknown): string | number | undefined => {
  const { code } = (body ?? {}) as { readonly code?: unknown }
  // A challenge names the error as RFC 6750 spells it: Bearer error="invalid_token".
  const named = typeof code === 'string' ? `"${code.replaceAll('-', '_')}"` : undefined
  const matching = named === undefined ? undefined : schema.enum?.find((value) => String(value).includes(named))
  return example ?? schema.example ?? matching ?? schema.enum?.[0] ?? schema.minimum
}
