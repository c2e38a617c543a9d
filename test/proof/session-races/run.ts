// Runs races against the service, and against twins that must lose them.
import { tally } from '../../support/http.ts'
import { withFault } from '../../support/planted-fault.ts'
import { randomFrom } from '../../support/seeded-random.ts'
import type { Result, Run } from '../proof.ts'
import type { Outcome, Race, Twin } from './race.ts'
import type { RacingService, ServiceOptions } from './service.ts'

/** Runs each race, and then the races of each twin. The word `quick` asks for a twentieth of the rounds of the service.
 * A fault or a flaw fails the service. A twin is found out by faults alone.
 * @param open starts a service */
export const proveRaces = async (
  races: readonly Race[],
  twins: readonly Twin[],
  { words, seed }: Run,
  open: (options: ServiceOptions) => Promise<RacingService>,
): Promise<readonly Result[]> => {
  const share = words.includes('quick') ? 0.05 : 1
  const run = async (race: Race, rounds: number, script?: string) => {
    const service = await open({ script, settings: race.settings })
    const outcome = await race.run(service, { rounds, random: randomFrom(seed) })
    await service.stop()
    return { ...outcome, title: `${race.name}, ${rounds} rounds` }
  }
  const results: Result[] = []
  for (const race of races) {
    results.push(judge(await run(race, Math.ceil(race.rounds * share))))
  }
  for (const { fault, races: lost } of twins) {
    const outcomes = await withFault(fault, async (script) => {
      const all = []
      for (const race of lost) all.push(await run(race, race.twinRounds, script))
      return all
    })
    const found = outcomes.map(({ title, faults }) => `${title}: ${tally(faults)}`)
    results.push({
      passed: outcomes.every(({ faults }) => faults.length > 0),
      text: `the twin with ${fault.name} is found out: ${found.join('; ')}`,
    })
  }
  return results
}

const judge = ({ title, faults, flaw, text }: Outcome & { readonly title: string }): Result => {
  const problems = [...(faults.length > 0 ? [tally(faults)] : []), ...(flaw === undefined ? [] : [flaw])]
  return { passed: problems.length === 0, text: `${title}: ${problems.join('; ') || text}` }
}
