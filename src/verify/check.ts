import type { Operation } from '../contract/operations.ts'
import { type Draft, outgoingOf, plainGet } from './run/drafts.ts'
import type { Headers, Outgoing, Received } from './run/exchange.ts'
import type { Members } from './run/requests.ts'

/** One request, and the required response. */
export interface Check extends Demands {
  /** Undefined if the server responds before it finds an operation. */
  readonly operationId: string | undefined
  readonly title: string
  readonly expected: Expected
  readonly request: () => Promise<Outgoing>
}

/** A status, or `success` for any status from 200 to 299. */
export type Expected = number | 'success'

/** Requirements on a response beyond its declaration in the contract. */
export interface Demands {
  /** The response must equal one of the examples for its status. If there is a single example, the response cannot
   * reveal the exact cause of the error. */
  readonly equalsExample?: boolean
  /** Returns each fault of the response, as a sentence that starts in lower case. */
  readonly also?: (response: Received) => readonly string[]
}

/** Returns the parts of a valid request that a check changes.
 * @throws Error if the server does not return the values that the request needs */
export type Change = (draft: Draft) => Partial<Draft> | Promise<Partial<Draft>>

/** Creates one check of an operation. */
export type CreateCheck = (title: string, expected: Expected, change?: Change, demands?: Demands) => Check

/** Returns the function that creates checks. A check changes a valid request to its operation. Without an operation, it
 * changes GET /. */
export const createCheckFactory =
  (valid: (operation: Operation) => Promise<Draft>) =>
  (operation: Operation | undefined): CreateCheck =>
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

/** Replaces or adds members of the request body. */
export const withMembers =
  (members: Members): Change =>
  ({ body }) => ({ body: { ...body, ...members } })

/** The outcome of one check. The check passes if it broke no rule. */
export interface Result {
  readonly operationId: string | undefined
  readonly title: string
  /** Each broken rule, as a sentence that starts in lower case. */
  readonly broken: readonly string[]
  /** Undefined if the check sent no request, or compares the responses of other checks. */
  readonly outgoing?: Outgoing | undefined
  /** The status of the response, if there was one. */
  readonly status?: number | undefined
  readonly seconds: number
}
