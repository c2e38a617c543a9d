// Runs races, and the same races against twins that have to lose them.
import { tally } from '../../support/http.ts'
import { withFault } from '../../support/planted-fault.ts'
import { randomFrom } from '../../support/seeded-random.ts'
import type { Result, Run } from '../proof.ts'
import type { Race, Twin } from './race.ts'
import type { RacingService, ServiceOptions } from './service.ts'

/** Runs each race, with the word `quick` for a twentieth of its rounds, and then the twins.
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
    const { title, faults, text } = await run(race, Math.ceil(race.rounds * share))
    results.push({ passed: faults.length === 0, text: `${title}: ${faults.length === 0 ? text : tally(faults)}` })
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
