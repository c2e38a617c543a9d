// Runs races, and the same races against twins that have to lose them.
import { randomInt } from 'node:crypto'
import { randomFrom } from '../random.mjs'
import { makeTwin } from '../twin.mjs'

/** @param words `quick` for a twentieth of the rounds, and a seed to repeat a run
 * @param open starts a service of the script of a twin, or of the build, with the settings of a race */
export const proveRaces = async ({ races, twins, words, open }) => {
  const share = words.includes('quick') ? 0.05 : 1
  const seed = Number(words.find((word) => /^\d+$/.test(word)) ?? randomInt(2 ** 31))
  const run = async (race, rounds, script) => {
    const service = await open({ script, settings: race.settings })
    const start = performance.now()
    const outcome = await race.run(service, { rounds, random: randomFrom(seed) })
    await service.stop()
    return { ...outcome, race, rounds, seconds: (performance.now() - start) / 1000 }
  }
  const results = []
  for (const race of races) results.push(describe(await run(race, Math.ceil(race.rounds * share))))
  for (const twin of twins) results.push(await proveTwin(twin, run))
  results.push({ passed: true, text: `seed ${seed}` })
  return results
}

const describe = ({ race, rounds, seconds, text, faults }) => ({
  passed: faults.length === 0,
  text: `${race.name}, ${rounds} rounds in ${seconds.toFixed(0)} s: ${faults.length === 0 ? text : summaryOf(faults)}`,
})

const proveTwin = async ({ name, plant: [file, original, replacement], races: lost }, run) => {
  const twin = makeTwin(file, original, replacement.replace('$&', original))
  const outcomes = []
  for (const race of lost) outcomes.push(await run(race, race.twinRounds, twin.script))
  twin.remove()
  const found = outcomes.map(({ race, rounds, faults }) => `${race.name}, ${rounds} rounds: ${summaryOf(faults)}`)
  return {
    passed: outcomes.every(({ faults }) => faults.length > 0),
    text: `the twin with ${name} is found out: ${found.join('; ')}`,
  }
}

/** Each fault once, with how often it came. */
const summaryOf = (faults) => {
  const counts = new Map()
  for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return counts.size === 0 ? 'no fault' : [...counts].map(([fault, count]) => `${count} × ${fault}`).join(', ')
}
