import type { Fault } from '../../support/planted-fault.ts'
import type { Random } from '../../support/seeded-random.ts'
import type { Environment } from '../../support/process.ts'
import type { RacingService } from './service.ts'

export interface Race {
  readonly name: string
  readonly rounds: number
  readonly twinRounds: number
  readonly settings?: Environment
  readonly run: (
    service: RacingService,
    options: { readonly rounds: number; readonly random: Random },
  ) => Promise<{ readonly faults: readonly string[]; readonly text: string }>
}

/** A build with a fault, and the races that it has to lose. */
export interface Twin {
  readonly fault: Fault
  readonly races: readonly Race[]
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}
