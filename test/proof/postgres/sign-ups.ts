// Sends 200 sign-ups of one name at once, in twenty spellings and with different passwords. One of them must win.
import type { Account, Operations, Received } from '../../support/http.ts'
import type { Race } from '../session-races/race.ts'
import { type Random, shuffle } from '../../support/seeded-random.ts'

const times = 200

type Change = (text: string) => string

const wide: Change = (text) => text.replace(/[!-~]/g, (ascii) => String.fromCharCode(ascii.charCodeAt(0) + 0xfee0))
const capitalized: Change = (text) => text.replace(/\p{L}/u, (letter) => letter.toUpperCase())
const alternating: Change = (text) => [...text].map((letter, i) => (i % 2 ? letter.toUpperCase() : letter)).join('')
const cases: readonly Change[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  capitalized,
  alternating,
  (text) => capitalized(alternating(text)),
]
const forms: readonly Change[] = [
  (text) => text.normalize('NFC'),
  (text) => text.normalize('NFD'),
  wide,
  (text) => wide(text.normalize('NFD')),
]

/** Lists twenty spellings of a name that contains an `å`. */
const spellingsOf = (name: string): readonly string[] => [
  ...new Set(cases.flatMap((change) => forms.map((form) => form(change(name))))),
]

export const signUps: Race = {
  name: `${times} sign-ups of one name at once, in 20 spellings`,
  rounds: 100,
  twinRounds: 3,
  run: async (service, { rounds, random }) => {
    const faults: string[] = []
    const counts = { shed: 0 }
    for (let round = 0; round < rounds; round += 1) faults.push(...(await race(service, round, random, counts)))
    return {
      faults,
      text: `one is acknowledged, and its password alone logs in; ${counts.shed} were refused as too many, and tried again`,
    }
  },
}

interface Counts {
  shed: number
}

const race = async (service: Operations, round: number, random: Random, counts: Counts): Promise<readonly string[]> => {
  const spellings = spellingsOf(`ångström-${round}`)
  if (spellings.length !== 20) throw new Error(`${spellings.length} spellings`)
  const contestants = shuffle(
    Array.from({ length: times }, (_, i) => ({
      username: spellings[i % spellings.length] ?? '',
      password: `password ${i} of round ${round}`,
    })),
    random,
  )
  const answers = await Promise.all(contestants.map((account) => signUp(service, account, counts)))
  const winners = contestants.filter((_, i) => answers[i]?.status === 200)
  const taken = answers.filter(({ status, json }) => status === 400 && json.code === 'username-taken')
  const [first] = contestants
  const winner = winners[0] ?? first
  const loser = contestants.find((account) => !winners.includes(account)) ?? first
  if (!winner || !loser) throw new Error('Nobody signs up')
  const [right, wrong] = await Promise.all([
    service.logIn({ username: spellings[round % spellings.length] ?? '', password: winner.password }),
    service.logIn(loser),
  ])
  return [
    ...(winners.length === 1 ? [] : [`${winners.length} sign-ups acknowledged`]),
    ...(winners.length + taken.length === times ? [] : ['an answer that is neither']),
    ...(right.status === 200 ? [] : [`the acknowledged password answered ${right.status}`]),
    ...(wrong.status === 401 ? [] : [`a refused password answered ${wrong.status}`]),
  ]
}

/** Repeats a sign-up while the service responds that it is overloaded. */
const signUp = async (service: Operations, account: Account, counts: Counts): Promise<Received> => {
  for (;;) {
    const answer = await service.signUp(account)
    if (answer.status !== 503) return answer
    counts.shed += 1
  }
}
