// A log-in with the old password races the change of the password. The window is between the verification of the old
// password and the opening of the session. A counter in the server tells how many passwords were right. The log-ins
// whose password was right, and which got no 200, have hit the window.
import { setTimeout as delay } from 'node:timers/promises'
import { expectOk, type Operations, type Received } from '../../support/http.ts'
import type { Random } from '../../support/seeded-random.ts'
import type { Race, Tokens } from './race.ts'
import { survivorsOf } from './service.ts'

const username = 'licat'
const passwordOf = (round: number): string => `password number ${round} of the proof`
const warmUps = 5
// A check with the new password costs as much as a race, so that not every round has one.
const checkEvery = 20
const minHitShare = 0.05

export const passwordChanges: Race = {
  name: 'a log-in with the old password racing the change',
  rounds: 1000,
  twinRounds: 60,
  run: async (service, { rounds, random }) => {
    const holder = await openHolder(service)
    const before = await service.passwordMatches()
    const faults: string[] = []
    const counts = { before: 0, after: 0, refused: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const outcome = await race(service, holder, random)
      counts[outcome.kind] += 1
      faults.push(...outcome.faults)
      if (round % checkEvery === 0) faults.push(...(await faultsOfNewPassword(service, holder)))
    }
    const matches = (await service.passwordMatches()) - before
    const outdated = matches - rounds - counts.before - counts.after - holder.checks
    const isHit = outdated + counts.after >= minHitShare * rounds
    return { faults, flaw: isHit ? undefined : 'the window was hardly hit', text: describe(counts, outdated) }
  },
}

const describe = (counts: Readonly<Record<'before' | 'after' | 'refused', number>>, outdated: number): string =>
  `old log-ins: ${counts.before} × 200 before the change was acknowledged and ${counts.after} after it, all dead; ` +
  `${counts.refused} × 401, of them ${outdated} with a password that was right when it was verified`

/** The session that changes the password again and again, with the durations of a change and of a log-in. */
interface Holder {
  tokens: Tokens
  password: number
  checks: number
  changeMilliseconds: number
  logInMilliseconds: number
}

const openHolder = async (service: Operations): Promise<Holder> => {
  expectOk(await service.signUp({ username, password: passwordOf(0) }))
  const tokens = { access_token: '', refresh_token: '' }
  const holder: Holder = { tokens, password: 0, checks: 0, changeMilliseconds: 0, logInMilliseconds: 0 }
  for (let i = 0; i < warmUps; i += 1) {
    const start = performance.now()
    holder.tokens = expectOk(await service.logIn({ username, password: passwordOf(holder.password) }))
    const half = performance.now()
    expectOk(await change(service, holder))
    holder.password += 1
    holder.logInMilliseconds = half - start
    holder.changeMilliseconds = performance.now() - half
  }
  return holder
}

const change = (service: Operations, { tokens, password }: Holder): Promise<Received> =>
  service.changePassword(tokens.access_token, passwordOf(password), passwordOf(password + 1))

const timed = async (work: () => Promise<Received>) => {
  const start = performance.now()
  const answer = await work()
  return { ...answer, at: performance.now(), milliseconds: performance.now() - start }
}

const race = async (service: Operations, holder: Holder, random: Random) => {
  const { changeMilliseconds, logInMilliseconds, password } = holder
  // The log-in starts between two of its durations before the end of the change and half a duration after it.
  const offset = changeMilliseconds + (2.5 * random() - 2) * logInMilliseconds
  const startAfter = async (milliseconds: number, work: () => Promise<Received>) => {
    if (milliseconds > 0) await delay(milliseconds)
    return timed(work)
  }
  const [changed, old] = await Promise.all([
    startAfter(-offset, () => change(service, holder)),
    startAfter(offset, () => service.logIn({ username, password: passwordOf(password) })),
  ])
  expectOk(changed)
  holder.password += 1
  // The expected duration follows the speed of this machine.
  holder.changeMilliseconds = 0.9 * changeMilliseconds + 0.1 * changed.milliseconds
  const kind: 'before' | 'after' | 'refused' = old.status !== 200 ? 'refused' : old.at < changed.at ? 'before' : 'after'
  return { kind, faults: await faultsOfRound(service, holder, old) }
}

const faultsOfRound = async (service: Operations, { tokens }: Holder, old: Received): Promise<readonly string[]> => {
  const survivors = old.status === 200 ? await survivorsOf(service, old.json) : []
  const holders = await service.readProtected(tokens.access_token)
  return [
    ...survivors,
    ...([200, 401].includes(old.status) ? [] : [`the old log-in answered ${old.status}`]),
    ...(holders.status === 200 ? [] : [`the changing session answered ${holders.status}`]),
  ]
}

const faultsOfNewPassword = async (service: Operations, holder: Holder): Promise<readonly string[]> => {
  const [now, before, refreshed] = await Promise.all([
    service.logIn({ username, password: passwordOf(holder.password) }),
    service.logIn({ username, password: passwordOf(holder.password - 1) }),
    service.refresh(holder.tokens.refresh_token),
  ])
  if (refreshed.status === 200) holder.tokens = refreshed.json
  holder.checks += now.status === 200 ? 1 : 0
  return [
    ...(now.status === 200 ? [] : [`the new password answered ${now.status}`]),
    ...(before.status === 401 ? [] : [`the old password answered ${before.status}`]),
    ...(refreshed.status === 200 ? [] : [`the changing session's refresh answered ${refreshed.status}`]),
  ]
}
