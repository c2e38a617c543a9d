// Judges whether the time, the body or the headers of a refused log-in tell a known name from an unknown one.
import { startServer } from '../support/process.ts'
import { defineFault, withFault } from '../support/planted-fault.ts'
import { type Random, randomFrom, shuffle } from '../support/seeded-random.ts'
import { logIn, plainClient, type Received, signUp } from '../support/http.ts'
import type { Prove } from './proof.ts'
import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { isDeepStrictEqual } from 'node:util'

// With 1000 of each kind and no difference, the AUC's standard error is 0.013: the bound is more than four of them.
const tries = { service: 1000, twin: 200 }
const maxDistance = 0.06
// A twin that skips the hash of unknown names is so much faster that hardly any of the times overlap.
const minTwinAuc = 0.95
const knownNames = 20
const warmUps = 20

type Kind = 'known' | 'unknown'

const noVerify = defineFault(
  'no verify for unknown names',
  'accounts/passwords.ts',
  'verify: async (passwordHash, password) => {',
  '$& if (passwordHash === undefined) return "wrong"',
)

export const prove: Prove = async ({ seed }) => {
  const service = await measure({ count: tries.service, seed })
  const broken = await withFault(noVerify, (script) => measure({ script, count: tries.twin, seed }))

  return [
    { passed: isTimeEqual(service) && service.differing === 0, text: describe(service) },
    {
      passed: broken.auc >= minTwinAuc,
      text: `the twin without a verify for unknown names is found out (AUC at least ${minTwinAuc}): ${describe(broken)}`,
    },
  ]
}

type Measured = Awaited<ReturnType<typeof measure>>

const isTimeEqual = ({ auc }: Measured): boolean => Math.abs(auc - 0.5) <= maxDistance

const describe = ({ auc, differing, count, medians }: Measured): string =>
  `${count} + ${count} log-ins, AUC ${auc.toFixed(3)} (0.5 ± ${maxDistance}), medians ${medians.known.toFixed(1)} ms known, ` +
  `${medians.unknown.toFixed(1)} ms unknown; answers that differ: ${differing}`

interface Measurement {
  readonly script?: string
  readonly count: number
  readonly seed: number
}

/** Tries known names with a wrong password and unknown names, in random order, one after the other. */
const measure = async ({ script, count, seed }: Measurement) => {
  const server = await startServer({ script })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const client = plainClient(server.url, agent)
  const random = randomFrom(seed)
  const known = Array.from({ length: knownNames }, newName)
  for (const username of known) await signUp(client, username, newPassword())
  const nameOf = { known: () => known[Math.floor(random() * known.length)] ?? '', unknown: newName }
  const attempt = (kind: Kind): Promise<Received> => logIn(client, nameOf[kind](), newPassword())

  for (const kind of order(warmUps, random)) await attempt(kind)
  const times: Record<Kind, number[]> = { known: [], unknown: [] }
  const first = visible(await attempt('known'))
  let differing = 0
  for (const kind of order(count, random)) {
    const start = performance.now()
    const answer = await attempt(kind)
    times[kind].push(performance.now() - start)
    if (answer.status !== 401 || !isDeepStrictEqual(visible(answer), first)) differing += 1
  }
  agent.destroy()
  await server.stop()
  const medians = { known: median(times.known), unknown: median(times.unknown) }
  return { auc: areaUnderCurve(times.known, times.unknown), differing, count, medians }
}

// All names have the same length.
const newName = () => `name-${randomBytes(6).toString('hex')}`
const newPassword = () => randomBytes(12).toString('hex')

/** The response that a client sees, without the headers that differ in every response. */
const visible = ({ status, text, headers }: Received) => {
  const kept = Object.entries(headers).filter(([name]) => name !== 'x-request-id' && name !== 'date')
  return { status, text, headers: Object.fromEntries(kept) }
}

/** Returns the given number of attempts of each kind, shuffled. */
const order = (count: number, random: Random): readonly Kind[] =>
  shuffle(
    Array.from({ length: 2 * count }, (_, i): Kind => (i < count ? 'known' : 'unknown')),
    random,
  )

/** The probability that a number of `a` is greater than one of `b`. Equal numbers count half (Mann and Whitney's U,
 * divided by its range). */
const areaUnderCurve = (a: readonly number[], b: readonly number[]): number => {
  let wins = 0
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0
  return wins / (a.length * b.length)
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN
