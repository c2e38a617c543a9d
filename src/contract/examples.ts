import type { ContractDocument } from './document.ts'
import { type Operation, operationsOf, unmatchedResponses } from './operations.ts'

/** An example of a response body. */
export interface ResponseExample {
  /** Undefined for a response to an unmatched request. */
  readonly operationId: string | undefined
  readonly status: number
  readonly name: string
  readonly value: Record<string, unknown>
}

/** Lists the examples of all responses. Each response that shares an example has an entry with the same `value` object. */
export const responseExamples = (document: ContractDocument): readonly ResponseExample[] => [
  ...operationsOf(document).flatMap(({ id, responses }) => examplesIn(id, responses)),
  ...examplesIn(undefined, unmatchedResponses(document)),
]

const examplesIn = (operationId: string | undefined, responses: Operation['responses']): readonly ResponseExample[] =>
  [...responses.values()].flatMap(({ status, content }) =>
    Object.values(content ?? {}).flatMap(({ examples }) =>
      Object.entries(examples ?? {}).map(([name, { value }]) => ({
        operationId,
        status,
        name,
        value: value as ResponseExample['value'],
      })),
    ),
  )
