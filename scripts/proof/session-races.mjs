// Requests that race for one session, over HTTP: whatever is acknowledged holds for all of them. Each race is also run
// against twins that have to lose it. JavaScript runs one verb of the memory store at a time, so that a race is lost
// only where a verb waits between what it looks up and what it writes: the twins are made to.
import { randomInt } from 'node:crypto'
import { randomFrom } from './random.mjs'
import { deletions } from './session-races/deletions.mjs'
import { mutants } from './session-races/mutants.mjs'
import { passwordChanges } from './session-races/password-changes.mjs'
import { refreshesWithInterval, refreshesWithoutInterval } from './session-races/refreshes.mjs'
import { revocations } from './session-races/revocations.mjs'
import { rivalChanges } from './session-races/rival-changes.mjs'
import { openService } from './session-races/service.mjs'
import { makeTwin } from './twin.mjs'

const races = [
  refreshesWithInterval,
  refreshesWithoutInterval,
  revocations,
  passwordChanges,
  rivalChanges,
  deletions,
  mutants,
]

const sessionStore = 'stores/memory/session-store.js'
const accountStore = 'stores/memory/account-store.js'
const nextTurn = 'await new Promise(setImmediate);'
// To a database, in milliseconds.
const roundTrip = 'await new Promise((resolve) => setTimeout(resolve, 5));'
const versionCheck = 'if (accounts.get(accountId)?.credentialVersion !== credentialVersion)'

const twins = [
  {
    name: 'a rotation that waits between look-up and write',
    plant: [sessionStore, 'if (generation === session.generation) {', `${nextTurn} $&`],
    races: [refreshesWithoutInterval, revocations],
  },
  {
    name: 'any generation rotated',
    plant: [sessionStore, 'if (generation === session.generation) {', 'generation = session.generation; $&'],
    races: [refreshesWithInterval, refreshesWithoutInterval],
  },
  {
    name: 'the interval ignored, never over',
    plant: [sessionStore, 'now - session.refreshedAt < reuseIntervalSeconds', 'true'],
    races: [refreshesWithoutInterval],
  },
  {
    name: 'the interval ignored, always over',
    plant: [sessionStore, 'now - session.refreshedAt < reuseIntervalSeconds', 'false'],
    races: [refreshesWithInterval],
  },
  {
    name: 'a session opened without a look at the version',
    plant: [sessionStore, versionCheck, 'if (false)'],
    races: [passwordChanges, deletions],
  },
  {
    name: 'a session opened after a wait behind that look',
    plant: [sessionStore, 'const others = lasting(accountId, now);', `${roundTrip} $&`],
    races: [passwordChanges, deletions],
  },
  {
    name: 'a new password that ends no session',
    plant: [accountStore, 'sessions.ofAccount(accountId).forEach(sessions.remove);', ''],
    races: [passwordChanges],
  },
  {
    name: 'a new password without a look at the version',
    plant: [accountStore, 'if (account.credentialVersion !== credentialVersion)', 'if (false)'],
    races: [rivalChanges],
  },
  {
    name: 'a deletion that ends no session',
    plant: [accountStore, 'sessions.ofAccount(id).forEach(sessions.remove);', ''],
    races: [deletions],
  },
  {
    name: 'a deletion that gives the name back',
    plant: [accountStore, 'accounts.set(id, undefined);', 'accounts.delete(id);'],
    races: [deletions],
  },
  {
    name: 'refresh tokens whose MAC is not compared',
    plant: ['sessions/refresh-tokens.js', 'timingSafeEqual(macOf(key, session, generation), mac)', 'true'],
    races: [mutants],
  },
  {
    name: 'access tokens whose signature is not verified',
    plant: ['sessions/access-tokens.js', 'jwt.verify(token, key,', 'jwt.decode(token,'],
    races: [mutants],
  },
]
/** @param words `quick` for a twentieth of the rounds, and a seed to repeat a run */
export const prove = async (words) => {
  const share = words.includes('quick') ? 0.05 : 1
  const seed = Number(words.find((word) => /^\d+$/.test(word)) ?? randomInt(2 ** 31))
  const run = async (race, rounds, script) => {
    const service = await openService({ script, settings: race.settings })
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
