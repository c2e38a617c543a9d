// Refreshes race the end of their session. Once the end is acknowledged, no token of the session works.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expectOk, type Operations, type Received } from '../../support/http.ts'
import { type Random, shuffle } from '../../support/seeded-random.ts'
import type { Race, Tokens } from './race.ts'
import { survivorsOf } from './service.ts'

const account = { username: 'licat', password: 'a password of the proof' }
const refreshes = 3
const maxTurns = 3

interface End {
  readonly name: string
  readonly end: (service: Operations, tokens: Tokens) => Promise<Received>
}

const ends: readonly End[] = [
  { name: 'revoked by the refresh token', end: (service, tokens) => service.revoke(tokens.refresh_token) },
  { name: 'revoked by the access token', end: (service, tokens) => service.revoke(tokens.access_token) },
  { name: 'logged out', end: (service, tokens) => service.logOut(tokens.access_token) },
  { name: 'ended by its id', end: (service, tokens) => service.endSession(tokens.access_token) },
]

export const revocations: Race = {
  name: `${refreshes} refreshes racing a revocation or a log-out`,
  rounds: 1000,
  twinRounds: 100,
  run: async (service, { rounds, random }) => {
    expectOk(await service.signUp(account))
    const faults: string[] = []
    const counts = { won: 0, lost: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const tokens = expectOk(await service.logIn(account))
      const end = ends[round % ends.length]
      if (!end) continue
      const outcome = await race(service, tokens, end, random)
      faults.push(...outcome.faults)
      counts.won += outcome.won
      counts.lost += outcome.lost
    }
    const isRace = counts.won > 0 && counts.lost > 0
    const flaw = isRace ? undefined : 'one side has won every time'
    return { faults, flaw, text: `${counts.won} refreshes came first, ${counts.lost} too late; all tokens are dead` }
  },
}

const race = async (service: Operations, tokens: Tokens, { name, end }: End, random: Random) => {
  const later = async (send: () => Promise<Received>) => {
    const turns = Math.floor(random() * (maxTurns + 1))
    for (let i = 0; i < turns; i += 1) await nextTurn()
    return send()
  }
  const refresh = () => service.refresh(tokens.refresh_token)
  const sends = [{ isEnd: true, send: () => end(service, tokens) }]
  for (let i = 0; i < refreshes; i += 1) sends.push({ isEnd: false, send: refresh })
  const answers = await Promise.all(
    shuffle(sends, random).map(async ({ isEnd, send }) => ({ isEnd, answer: await later(send) })),
  )
  const ended = answers.find(({ isEnd }) => isEnd)?.answer
  const refreshed = answers.filter(({ isEnd }) => !isEnd).map(({ answer }) => answer)
  const won = refreshed.filter(({ status }) => status === 200)
  const lost = refreshed.filter(({ status, json }) => status === 400 && json.error === 'invalid_grant')
  const survivors = await Promise.all(
    [tokens, ...won.map(({ json }) => json as Tokens)].map((each) => survivorsOf(service, each)),
  )
  const faults = [
    ...(ended?.status === 200 ? survivors.flat() : [`${name}: answered ${ended?.status}`]),
    ...(won.length + lost.length === refreshes ? [] : ['a refresh that answered neither 200 nor invalid_grant']),
  ]
  return { faults, won: won.length, lost: lost.length }
}
