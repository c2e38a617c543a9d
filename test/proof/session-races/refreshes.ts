// Presents one refresh token many times at once.
import { expectOk, type Operations, type Received } from '../../support/http.ts'
import type { Race } from './race.ts'
import { survivorsOf } from './service.ts'

const times = 50
const account = { username: 'licat', password: 'a password of the proof' }

const present = (service: Operations, refreshToken: string): Promise<readonly Received[]> =>
  Promise.all(Array.from({ length: times }, () => service.refresh(refreshToken)))

/** With the reuse interval, all requests get the same successor, and each access token works. Each round uses the
 * successor of the last one. */
export const refreshesWithInterval: Race = {
  name: `one refresh token ${times} times at once`,
  rounds: 200,
  twinRounds: 20,
  run: async (service, { rounds }) => {
    expectOk(await service.signUp(account))
    let tokens = expectOk(await service.logIn(account))
    const faults: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      const answers = await present(service, tokens.refresh_token)
      faults.push(...(await faultsOfSame(service, answers)))
      const got = answers.find(({ status }) => status === 200)
      tokens = got ? got.json : expectOk(await service.logIn(account))
    }
    return { faults, text: 'all got the same refresh token, and access tokens that work' }
  },
}

const faultsOfSame = async (service: Operations, answers: readonly Received[]): Promise<readonly string[]> => {
  const refused = answers.filter(({ status }) => status !== 200)
  const got = answers.filter(({ status }) => status === 200)
  const successors = new Set(got.map(({ json }) => json.refresh_token))
  const reads = await Promise.all(got.map(({ json }) => service.readProtected(json.access_token)))
  return [
    ...refused.map(({ status }) => `a refresh answered ${status}`),
    ...(successors.size > 1 ? [`${successors.size} different successors`] : []),
    ...reads.filter(({ status }) => status !== 200).map(({ status }) => `an access token answered ${status}`),
  ]
}

/** Without the interval, one request wins. The others reuse its token, which ends the session of the winner, too. */
export const refreshesWithoutInterval: Race = {
  name: `one refresh token ${times} times at once, REFRESH_TOKEN_REUSE_INTERVAL_SECONDS=0`,
  rounds: 200,
  twinRounds: 20,
  settings: { REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '0' },
  run: async (service, { rounds }) => {
    expectOk(await service.signUp(account))
    const faults: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      const tokens = expectOk(await service.logIn(account))
      const answers = await present(service, tokens.refresh_token)
      faults.push(...(await faultsOfOne(service, answers)))
    }
    return { faults, text: `one got an answer, ${times - 1} × 400 invalid_grant; the one's tokens are dead` }
  },
}

const faultsOfOne = async (service: Operations, answers: readonly Received[]): Promise<readonly string[]> => {
  const winners = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status, json }) => status === 400 && json.error === 'invalid_grant')
  const survivors = await Promise.all(winners.map(({ json }) => survivorsOf(service, json)))
  return [
    ...(winners.length === 1 ? [] : [`${winners.length} winners`]),
    ...(winners.length + refused.length === times ? [] : ['an answer that is neither']),
    ...survivors.flat(),
  ]
}
