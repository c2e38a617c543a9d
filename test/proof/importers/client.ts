// The types and the path that all API clients use.
import { join } from 'node:path'
import { root } from '../../support/process.ts'

export interface Outcome {
  readonly requests: number
  readonly tests: number
  /** The failed requests, and the faults of an import. */
  readonly failed: readonly string[]
  /** The optional parameters that an importer has invented a value for. */
  readonly switchedOff?: readonly string[]
}

export type RunClient = (server: { readonly url: string }) => Outcome | Promise<Outcome>

/** The path of a generated collection. */
export const collection = (name: string): string => join(root, 'contract', 'collections', name)
