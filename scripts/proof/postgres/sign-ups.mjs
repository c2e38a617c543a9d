// Two hundred sign-ups of one name at once, each in one of twenty spellings and with a password of its own.
import { shuffle } from '../random.mjs'

const times = 200

const wide = (text) => text.replace(/[!-~]/g, (ascii) => String.fromCharCode(ascii.charCodeAt(0) + 0xfee0))
const capitalized = (text) => text.replace(/\p{L}/u, (letter) => letter.toUpperCase())
const alternating = (text) => [...text].map((letter, i) => (i % 2 ? letter.toUpperCase() : letter)).join('')
const cases = [
  (text) => text,
  (text) => text.toUpperCase(),
  capitalized,
  alternating,
  (text) => capitalized(alternating(text)),
]
const forms = [
  (text) => text.normalize('NFC'),
  (text) => text.normalize('NFD'),
  wide,
  (text) => wide(text.normalize('NFD')),
]

/** Twenty ways to write a name that has an `å` in it. */
export const spellingsOf = (name) => [...new Set(cases.flatMap((change) => forms.map((form) => form(change(name)))))]

export const signUps = {
  name: `${times} sign-ups of one name at once, in 20 spellings`,
  rounds: 100,
  twinRounds: 3,
  run: async (service, { rounds, random }) => {
    const faults = []
    const counts = { shed: 0 }
    for (let round = 0; round < rounds; round += 1) faults.push(...(await race(service, round, random, counts)))
    return {
      faults,
      text: `one is acknowledged, and its password alone logs in; ${counts.shed} were refused as too many, and tried again`,
    }
  },
}

const race = async (service, round, random, counts) => {
  const spellings = spellingsOf(`ångström-${round}`)
  if (spellings.length !== 20) throw new Error(`${spellings.length} spellings`)
  const contestants = shuffle(
    Array.from({ length: times }, (_, i) => ({
      username: spellings[i % spellings.length],
      password: `password ${i} of round ${round}`,
    })),
    random,
  )
  const answers = await Promise.all(contestants.map((account) => signUp(service, account, counts)))
  const winners = contestants.filter((_, i) => answers[i].status === 200)
  const taken = answers.filter(({ status, body }) => status === 400 && body.code === 'username-taken')
  const winner = winners[0] ?? contestants[0]
  const loser = contestants.find((account) => !winners.includes(account))
  const [right, wrong] = await Promise.all([
    service.logIn({ username: spellings[round % spellings.length], password: winner.password }),
    service.logIn(loser),
  ])
  return [
    ...(winners.length === 1 ? [] : [`${winners.length} sign-ups acknowledged`]),
    ...(winners.length + taken.length === times ? [] : ['an answer that is neither']),
    ...(right.status === 200 ? [] : [`the acknowledged password answered ${right.status}`]),
    ...(wrong.status === 401 ? [] : [`a refused password answered ${wrong.status}`]),
  ]
}

/** Until it is answered by something else than that there are too many. */
const signUp = async (service, account, counts) => {
  for (;;) {
    const answer = await service.signUp(account)
    if (answer.status !== 503) return answer
    counts.shed += 1
  }
}
