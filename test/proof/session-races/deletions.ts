// A log-in races the deletion of its account. Each round has a new account.
import { setTimeout as delay } from 'node:timers/promises'
import { type Account, expectOk, type Operations } from '../../support/http.ts'
import type { Random } from '../../support/seeded-random.ts'
import type { Race } from './race.ts'
import { survivorsOf } from './service.ts'

const password = 'a password of the proof'
const batchSize = 50
const warmUps = 5
const minHitShare = 0.05

interface Racer {
  readonly credentials: Account
  readonly token: string
}

export const deletions: Race = {
  name: 'a log-in racing the deletion of the account',
  rounds: 1000,
  twinRounds: 60,
  run: async (service, { rounds, random }) => {
    const counts = { before: 0, after: 0, refused: 0 }
    const faults: string[] = []
    let matches = 0
    for (let first = 0; first < rounds; first += batchSize) {
      // Sign-ups hash passwords, which would disturb a race: a batch of accounts is opened before its races.
      const accounts = await openAccounts(service, first, Math.min(batchSize, rounds - first))
      const milliseconds = await logInMilliseconds(service, accounts[0]?.credentials)
      const before = await service.passwordMatches()
      for (const account of accounts) {
        const outcome = await race(service, account, milliseconds * 1.2 * random())
        counts[outcome.kind] += 1
        faults.push(...outcome.faults)
      }
      matches += (await service.passwordMatches()) - before
      faults.push(...(await faultsOfNames(service, accounts, random)))
    }
    const outdated = matches - counts.before - counts.after
    const isHit = outdated + counts.after >= minHitShare * rounds
    return { faults, flaw: isHit ? undefined : 'the window was hardly hit', text: describe(counts, outdated) }
  },
}

const describe = (counts: Readonly<Record<'before' | 'after' | 'refused', number>>, outdated: number): string =>
  `log-ins: ${counts.before} × 200 before the deletion was acknowledged and ${counts.after} after it, all dead; ` +
  `${counts.refused} × 401, of them ${outdated} with a password that was right when it was verified; ` +
  'no name can be had again'

const openAccounts = (service: Operations, first: number, count: number): Promise<Racer[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const credentials = { username: `racer-${first + i}`, password }
      expectOk(await service.signUp(credentials))
      return { credentials, token: expectOk(await service.logIn(credentials)).access_token }
    }),
  )

const logInMilliseconds = async (service: Operations, credentials = { username: '', password }): Promise<number> => {
  const start = performance.now()
  for (let i = 0; i < warmUps; i += 1) expectOk(await service.logIn(credentials))
  return (performance.now() - start) / warmUps
}

const race = async (service: Operations, { credentials, token }: Racer, offset: number) => {
  const at = { old: 0, deleted: 0 }
  const [old, deleted] = await Promise.all([
    service.logIn(credentials).finally(() => (at.old = performance.now())),
    delay(offset)
      .then(() => service.deleteAccount(token))
      .finally(() => (at.deleted = performance.now())),
  ])
  const survivors = old.status === 200 ? await survivorsOf(service, old.json) : []
  const holders = await service.readProtected(token)
  const faults = [
    ...(deleted.status === 200 ? survivors : [`the deletion answered ${deleted.status}`]),
    ...([200, 401].includes(old.status) ? [] : [`the log-in answered ${old.status}`]),
    ...(holders.status === 401 ? [] : [`the deleting token answered ${holders.status}`]),
  ]
  const kind: 'before' | 'after' | 'refused' = old.status !== 200 ? 'refused' : at.old < at.deleted ? 'before' : 'after'
  return { kind, faults }
}

// Each spelling normalises to the same name.
const spellings = [
  (name: string) => name,
  (name: string) => name.toUpperCase(),
  (name: string) => name.replace(/[!-~]/g, (ascii) => String.fromCharCode(ascii.charCodeAt(0) + 0xfee0)),
]

const faultsOfNames = async (
  service: Operations,
  accounts: readonly Racer[],
  random: Random,
): Promise<readonly string[]> => {
  const answers = await Promise.all(
    accounts.map(({ credentials: { username } }) => {
      const spell = spellings[Math.floor(random() * spellings.length)]
      return service.signUp({ username: spell?.(username) ?? username, password })
    }),
  )
  return answers
    .filter(({ status, json }) => status !== 400 || json.code !== 'username-taken')
    .map(({ status }) => `signing up a deleted name answered ${status}`)
}
