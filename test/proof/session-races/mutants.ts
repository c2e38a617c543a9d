// The service refuses tokens that are almost genuine, and they end no session. Without a reuse interval, a mutant that
// counted as genuine would end one.
import { expectOk, type Operations, type Received } from '../../support/http.ts'
import { kinds, mutate } from './mutate.ts'
import type { Race, Tokens } from './race.ts'

const usernames = ['licat', 'another'] as const
const password = 'a password of the proof'
const atOnce = 50
// The form of a refresh token in the contract. Any other text is an invalid_request.
const form = /^[A-Za-z0-9._~+/=-]{1,512}$/

export const mutants: Race = {
  name: 'tokens that are almost genuine',
  rounds: 1000,
  twinRounds: 140,
  settings: { REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '0' },
  run: async (service, { rounds, random }) => {
    const genuine = await openSessions(service)
    const access = mutate(genuine.access, rounds, random)
    const refresh = mutate(genuine.refresh, rounds, random)
    const faults = [
      // The genuine tokens come first, so that they are in the cache of the service while it verifies the mutants.
      ...(await inChunks(genuine.access, (token) => faultsOfGenuine(service.readProtected(token), 'before'))),
      ...(await inChunks(access, (token) => faultsOfAccess(service, token))),
      ...(await inChunks(refresh, (token) => faultsOfRefresh(service, token))),
      ...(await inChunks(genuine.access, (token) => faultsOfRefresh(service, token))),
      ...(await inChunks(genuine.refresh, (token) => faultsOfAccess(service, token))),
      ...(await inChunks([...access, ...refresh], (token) => faultsOfRevocation(service, token))),
      // A refresh changes the session, so that this comes last: the genuine tokens must still work.
      ...(await inChunks(genuine.access, (token) => faultsOfGenuine(service.readProtected(token), 'after'))),
      ...(await inChunks(genuine.refresh, (token) => faultsOfGenuine(service.refresh(token), 'after'))),
    ]
    const text =
      `${rounds} access tokens (${kinds.join(', ')}) each 401, as many refresh tokens each 400, each kind refused in ` +
      'place of the other; a revocation of each ends nothing; the genuine ones work before and afterwards'
    return { faults, text }
  },
}

/** Opens three sessions, two of them of one account, and refreshes the first. Returns the last tokens of each. */
const openSessions = async (service: Operations) => {
  for (const username of usernames) expectOk(await service.signUp({ username, password }))
  const pairs: Tokens[] = []
  for (const username of [usernames[0], ...usernames]) pairs.push(expectOk(await service.logIn({ username, password })))
  pairs[0] = expectOk(await service.refresh(pairs[0]?.refresh_token ?? '', { scope: 'account:read' }))
  return { access: pairs.map((pair) => pair.access_token), refresh: pairs.map((pair) => pair.refresh_token) }
}

type Check = (token: string) => Promise<readonly string[]>

const inChunks = async (list: readonly string[], check: Check): Promise<readonly string[]> => {
  const faults: string[] = []
  for (let i = 0; i < list.length; i += atOnce) {
    faults.push(...(await Promise.all(list.slice(i, i + atOnce).map(check))).flat())
  }
  return faults
}

const faultsOfAccess = async (service: Operations, token: string): Promise<readonly string[]> => {
  const { status, json } = await service.readProtected(token)
  return status === 401 && json.code === 'invalid-token' ? [] : [`a mutant access token answered ${status}`]
}

const faultsOfRefresh = async (service: Operations, token: string): Promise<readonly string[]> => {
  const { status, json } = await service.refresh(token)
  const error = form.test(token) ? 'invalid_grant' : 'invalid_request'
  return status === 400 && json.error === error ? [] : [`a mutant refresh token answered ${status} ${json.error}`]
}

const faultsOfRevocation = async (service: Operations, token: string): Promise<readonly string[]> => {
  const { status } = await service.revoke(token)
  return status === 200 ? [] : [`the revocation of a mutant answered ${status}`]
}

const faultsOfGenuine = async (answer: Promise<Received>, when: string): Promise<readonly string[]> => {
  const { status } = await answer
  return status === 200 ? [] : [`a genuine token answered ${status} ${when} the mutants`]
}
