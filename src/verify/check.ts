import type { Operation } from '../contract/operations.ts'
import { type Draft, outgoingOf, plainGet } from './run/drafts.ts'
import type { Headers, Outgoing, Received } from './run/exchange.ts'
import type { Members } from './run/requests.ts'

/** One request, and the response that it must get. */
export interface Check extends Demands {
  /** Undefined when the server responds before it knows an operation. */
  readonly operationId: string | undefined
  readonly title: string
  readonly expected: Expected
  readonly request: () => Promise<Outgoing>
}

/** A status, or `success` for any declared one from 200 to 299. */
export type Expected = number | 'success'

/** What a response must fulfil besides its declaration in the contract. */
export interface Demands {
  /** The response must equal one of the examples for its status. If the contract shows a single example, the response
   * must not tell what was wrong in particular. */
  readonly equalsExample?: boolean
  /** Returns what is wrong with the response; each a sentence. */
  readonly also?: (response: Received) => readonly string[]
}

/** Makes the request of a check from a valid one: returns the parts that change.
 * @throws Error when the server does not give what the request needs */
export type Change = (draft: Draft) => Partial<Draft> | Promise<Partial<Draft>>

/** States one check of an operation. */
export type StateCheck = (title: string, expected: Expected, change?: Change, demands?: Demands) => Check

/** Creates the function that states every check. A check sends a valid request to its operation, with a change. A check
 * without an operation sends GET /. */
export const createStatement =
  (valid: (operation: Operation) => Promise<Draft>) =>
  (operation: Operation | undefined): StateCheck =>
  (title, expected, change, demands) => ({
    operationId: operation?.id,
    title,
    expected,
    request: async () => {
      const draft = operation ? await valid(operation) : plainGet
      return outgoingOf({ ...draft, ...(await change?.(draft)) })
    },
    ...demands,
  })

export const withHeaders =
  (...headers: Headers): Change =>
  () => ({ headers })

/** Replaces members of the request body, and adds others. */
export const withMembers =
  (members: Members): Change =>
  ({ body }) => ({ body: { ...body, ...members } })

/** The outcome of one check. The check has passed when nothing is broken. */
export interface Result {
  readonly operationId: string | undefined
  readonly title: string
  /** Each broken rule, as a sentence that starts in lower case. */
  readonly broken: readonly string[]
  /** Undefined when no request was made, or when the check compares the responses of other checks. */
  readonly outgoing?: Outgoing | undefined
  /** The status of the response, if there was one. */
  readonly status?: number | undefined
  readonly seconds: number
}
