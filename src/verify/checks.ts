import type { ContractDocument } from '../contract/document.ts'
import type { Operation } from '../contract/operations.ts'
import type { Outgoing, Received, Send } from './exchange.ts'
import type { MakeRight } from './right-requests.ts'
import type { Session } from './session.ts'

/** One request, and what has to come of it. */
export interface Check {
  /** Undefined for what is answered before an operation is known. */
  readonly operationId: string | undefined
  readonly title: string
  readonly request: () => Outgoing | Promise<Outgoing>
  /** The status, or `success` for any declared one from 200 to 299. */
  readonly expected: number | 'success'
  /** What is wrong with the answer beyond what the contract says of it; each a sentence. */
  readonly also?: (answer: Received) => readonly string[]
}

/** What became of one check. It has passed when nothing is broken. */
export interface Result {
  readonly operationId: string | undefined
  readonly title: string
  /** Each broken rule, as a sentence that starts in lower case. */
  readonly broken: readonly string[]
  /** Undefined when there was no request: it could not be made, or the check is about answers to others. */
  readonly outgoing?: Outgoing | undefined
  /** The status of the answer, if there was one. */
  readonly status?: number | undefined
  readonly seconds: number
}

/** What checks are made of. */
export interface Material {
  readonly document: ContractDocument
  /** All operations of the document. */
  readonly operations: readonly Operation[]
  readonly session: Session
  /** As in the Host header. */
  readonly host: string
  readonly makeRight: MakeRight
  /** For what has to be done before a check. */
  readonly send: Send
  /** An access token that has expired, if there is one. */
  readonly expiredToken?: string | undefined
}

/** What an operation answers to a body that its schema refuses: 422 where it declares that. */
export const invalidBodyStatus = (operation: Operation): number => (operation.responses.has(422) ? 422 : 400)
