import { defineFault, type Fault } from '../../support/planted-fault.ts'
import type { Random } from '../../support/seeded-random.ts'
import type { Environment } from '../../support/process.ts'
import type { RacingService } from './service.ts'

export interface Outcome {
  /** What the service did wrong. */
  readonly faults: readonly string[]
  /** Why the experiment says nothing about the service: its requests hardly raced. */
  readonly flaw?: string | undefined
  /** What was observed, where there are neither faults nor a flaw. */
  readonly text: string
}

export interface Race {
  readonly name: string
  readonly rounds: number
  /** How many rounds a twin gets to lose the race. */
  readonly twinRounds: number
  readonly settings?: Environment
  readonly run: (
    service: RacingService,
    options: { readonly rounds: number; readonly random: Random },
  ) => Promise<Outcome>
}

/** A build with a planted fault, and the races that it must lose. */
export interface Twin {
  readonly fault: Fault
  readonly races: readonly Race[]
}

/** The first four arguments are those of `defineFault`. */
export const twin = (name: string, file: string, text: string, replacement: string, races: readonly Race[]): Twin => ({
  fault: defineFault(name, file, text, replacement),
  races,
})

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}
