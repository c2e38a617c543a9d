// The types and the paths that the proofs of all API clients use.
import { join } from 'node:path'
import { root } from '../../support/process.ts'

export interface Outcome {
  readonly requests: number
  readonly tests: number
  /** The requests that have failed, and what is wrong with an import. */
  readonly failed: readonly string[]
  /** What an importer has made up for an optional parameter. */
  readonly switchedOff?: readonly string[]
}

export type RunClient = (server: { readonly url: string }) => Outcome | Promise<Outcome>

export const collection = (name: string): string => join(root, 'contract', 'collections', name)
