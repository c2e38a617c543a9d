import { type ContractDocument, operationsOf, resolve, type ResponseObject } from './document.ts'

/** An example of an answer. */
export interface ResponseExample {
  /** Undefined for an answer given before an operation is known. */
  readonly operationId: string | undefined
  readonly status: number
  readonly name: string
  readonly value: Record<string, unknown>
}

/** The examples of all answers. One that several answers share is there for each, and the same object. */
export const responseExamples = (document: ContractDocument): readonly ResponseExample[] => [
  ...operationsOf(document).flatMap(({ operation }) =>
    examplesIn(document, operation.operationId, operation.responses),
  ),
  ...examplesIn(document, undefined, document['x-unmatched-responses']),
]

interface Media {
  readonly examples?: Readonly<Record<string, Pick<ResponseExample, 'value'>>>
}

const examplesIn = (
  document: ContractDocument,
  operationId: string | undefined,
  responses: ContractDocument['x-unmatched-responses'],
): readonly ResponseExample[] =>
  Object.entries(responses).flatMap(([status, response]) =>
    Object.values(resolve<ResponseObject>(document, response).content ?? {}).flatMap((media) =>
      Object.entries((media as Media).examples ?? {}).map(([name, { value }]) => ({
        operationId,
        status: Number(status),
        name,
        value,
      })),
    ),
  )
