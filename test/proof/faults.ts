// Compiles every fault that a proof plants, and runs those twins that take seconds. The other proofs run their own
// twins, which takes minutes or needs other programs.
import { compileFault, definedFaults, type Fault } from '../support/planted-fault.ts'
import { names } from './names.ts'
import type { Prove, Result } from './proof.ts'
import { proveCheapTwins } from './session-races.ts'

export const prove: Prove = async (run) => {
  for (const name of names) await import(`./${name}.ts`)
  return [plantAll(), ...(await proveCheapTwins(run))]
}

const plantAll = (): Result => {
  const faults = definedFaults()
  const stale = faults.map(staleness).filter((problem) => problem !== undefined)
  return {
    passed: stale.length === 0,
    text: [`${faults.length - stale.length} of ${faults.length} faults can be planted`, ...stale].join('\n  '),
  }
}

const staleness = (fault: Fault): string | undefined => {
  try {
    compileFault(fault)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
