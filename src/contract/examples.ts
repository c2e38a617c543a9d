import type { ContractDocument } from './document.ts'
import { type Operation, operationsOf, unmatchedResponses } from './operations.ts'

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
