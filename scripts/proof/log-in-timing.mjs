// Whether the time, the body or the headers of a refused log-in tell a known name from an unknown one.
import { randomBytes, randomInt } from 'node:crypto'
import { Agent } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { logIn, signUp } from './http-client.mjs'
import { randomFrom, shuffle } from './random.mjs'
import { startServer } from './server.mjs'
import { makeTwin } from './twin.mjs'

// With 1000 of each kind and no difference, the AUC's standard error is 0.013: the bound is more than four of them.
const tries = { service: 1000, twin: 200 }
const maxDistance = 0.06
const knownNames = 20
const warmUps = 20

export const prove = async () => {
  const seed = randomInt(2 ** 31)
  const service = await measure({ count: tries.service, seed })
  // Answers at once where there is no hash to verify against.
  const twin = makeTwin(
    'accounts/passwords.js',
    'verify: async (passwordHash, password) => {',
    'verify: async (passwordHash, password) => { if (passwordHash === undefined) return "wrong";',
  )
  const broken = await measure({ script: twin.script, count: tries.twin, seed })
  twin.remove()

  return [
    { passed: isTimeEqual(service) && service.differing === 0, text: `${describe(service)}, seed ${seed}` },
    {
      passed: !isTimeEqual(broken),
      text: `the twin without a verify for unknown names is found out: ${describe(broken)}`,
    },
  ]
}

const isTimeEqual = ({ auc }) => Math.abs(auc - 0.5) <= maxDistance

const describe = ({ auc, differing, count, medians }) =>
  `${count} + ${count} log-ins, AUC ${auc.toFixed(3)} (0.5 ± ${maxDistance}), medians ${medians.known.toFixed(1)} ms known, ` +
  `${medians.unknown.toFixed(1)} ms unknown; answers that differ: ${differing}`

/** Tries known names with a wrong password and unknown names, in random order, one after the other. */
const measure = async ({ script, count, seed }) => {
  const server = await startServer({ script })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const known = Array.from({ length: knownNames }, newName)
  for (const username of known) await signUp(server.url, { username, password: newPassword() }, { agent })
  const nameOf = { known: () => known[randomInt(known.length)], unknown: newName }
  const attempt = (kind) => logIn(server.url, { username: nameOf[kind](), password: newPassword() }, { agent })

  for (const kind of order(warmUps, seed)) await attempt(kind)
  const times = { known: [], unknown: [] }
  const first = visible(await attempt('known'))
  let differing = 0
  for (const kind of order(count, seed)) {
    const answer = await attempt(kind)
    times[kind].push(answer.milliseconds)
    if (answer.status !== 401 || !isDeepStrictEqual(visible(answer), first)) differing += 1
  }
  agent.destroy()
  await server.stop()
  const medians = { known: median(times.known), unknown: median(times.unknown) }
  return { auc: areaUnderCurve(times.known, times.unknown), differing, count, medians }
}

// All of one length.
const newName = () => `name-${randomBytes(6).toString('hex')}`
const newPassword = () => randomBytes(12).toString('hex')

/** What a caller sees, less what is new in every answer. */
const visible = ({ status, body, headers }) => {
  const kept = Object.entries(headers).filter(([name]) => name !== 'x-request-id' && name !== 'date')
  return { status, body, headers: Object.fromEntries(kept) }
}

/** So many of each kind, shuffled. */
const order = (count, seed) => {
  const kinds = Array.from({ length: 2 * count }, (_, i) => (i < count ? 'known' : 'unknown'))
  return shuffle(kinds, randomFrom(seed))
}

/** How likely one of `a` is greater than one of `b`; equal ones count half (Mann and Whitney's U over its range). */
const areaUnderCurve = (a, b) => {
  let wins = 0
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0
  return wins / (a.length * b.length)
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
