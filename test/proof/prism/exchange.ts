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

/** What became of an exchange. */
export interface Replayed {
  readonly violations: readonly Violation[]
  /** Prism does not pass on the request, and why; one without its body was sent in its place. */
  readonly without?: string | undefined
  /** Nor that one, or not its response, and why. */
  readonly lost?: string
  /** The status of a response that is not upstream's, for no known reason. */
  readonly alteredTo?: number
}
