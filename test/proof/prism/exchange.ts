import type { OutgoingHttpHeaders } from 'node:http'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: OutgoingHttpHeaders | readonly string[]
  readonly body: Buffer | undefined
}

export interface Answer {
  readonly status: number
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

/** A request of a test, and the response to it. */
export interface Exchange {
  readonly test: string
  readonly request: Asked
  readonly answer: Answer
}

export interface Violation {
  readonly location: readonly string[]
  readonly message: string
}

/** The result of replaying an exchange. */
export interface Replayed {
  readonly violations: readonly Violation[]
  /** Why prism did not pass on the request. It was sent again without its body. */
  readonly without?: string | undefined
  /** Why prism passed on neither request, or not the response. */
  readonly lost?: string
  /** The status of a response that prism has changed for no known reason. */
  readonly alteredTo?: number
}
