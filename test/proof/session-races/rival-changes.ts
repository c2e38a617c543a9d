// Two sessions change one password at once, each time to another one. All requests have the right current password, and
// one of them wins.
import { expectOk, type Operations } from '../../support/http.ts'
import type { Race } from './race.ts'

const username = 'licat'
const first = 'a password of the proof'
const perSession = 4

export const rivalChanges: Race = {
  name: `${2 * perSession} changes of one password at once, by two sessions`,
  rounds: 50,
  twinRounds: 10,
  run: async (service, { rounds }) => {
    expectOk(await service.signUp({ username, password: first }))
    const faults: string[] = []
    let password = first
    for (let round = 0; round < rounds; round += 1) {
      const outcome = await race(service, password, round)
      faults.push(...outcome.faults)
      password = outcome.password
    }
    return { faults, text: 'one is acknowledged, and its password is the only one that works' }
  },
}

const race = async (service: Operations, password: string, round: number) => {
  const sessions = await Promise.all([1, 2].map(() => service.logIn({ username, password })))
  const changes = sessions.map(expectOk).flatMap((tokens, session) =>
    Array.from({ length: perSession }, async (_, i) => {
      const next = `password ${i} of session ${session} in round ${round}`
      return { next, tokens, answer: await service.changePassword(tokens.access_token, password, next) }
    }),
  )
  const all = await Promise.all(changes)
  const won = all.filter(({ answer }) => answer.status === 200)
  // 403: the same session, whose current password has become wrong. 401: the other session, which has ended.
  const lost = all.filter(({ answer: { status } }) => status === 403 || status === 401)
  const [right, wrong] = await Promise.all(
    [won[0], lost.at(-1)].map((change) => service.logIn({ username, password: (change ?? all[0])?.next ?? '' })),
  )
  const alive = await Promise.all(sessions.map(({ json }) => service.readProtected(json.access_token)))
  const faults = [
    ...(won.length === 1 ? [] : [`${won.length} changes acknowledged`]),
    ...(won.length + lost.length === all.length ? [] : ['an answer that is neither']),
    ...(right?.status === 200 ? [] : [`the acknowledged password answered ${right?.status}`]),
    ...(wrong?.status === 401 ? [] : [`a refused password answered ${wrong?.status}`]),
    ...(alive.filter(({ status }) => status === 200).length === 1 ? [] : ['not one of the two sessions lives']),
  ]
  // The next round needs the password that works, also where more than one was acknowledged.
  for (const { next } of won.toReversed()) {
    if ((await service.logIn({ username, password: next })).status === 200) return { faults, password: next }
  }
  return { faults, password }
}
