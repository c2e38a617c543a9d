// Sends requests of two users interleaved. Each response must greet the user of its token.
import { expectOk } from '../../support/http.ts'
import type { Race } from './race.ts'

const usernames = ['licat', 'another']
const password = 'a password of the proof'
const atOnce = 64

export const twoCallers: Race = {
  name: 'requests of two users in turn',
  rounds: 100_000,
  twinRounds: 1_000,
  run: async (service, { rounds, random }) => {
    const users: { readonly token: string; readonly greeting: string }[] = []
    for (const username of usernames) {
      expectOk(await service.signUp({ username, password }))
      const { access_token: token } = expectOk(await service.logIn({ username, password }))
      users.push({ token, greeting: `Hello ${username}! This is a protected route` })
    }
    const faults: string[] = []
    for (let sent = 0; sent < rounds; sent += atOnce) {
      const requests = Array.from({ length: Math.min(atOnce, rounds - sent) }, async () => {
        const user = users[random() < 0.5 ? 0 : 1]
        const { json } = await service.readProtected(user?.token ?? '')
        if (json.message !== user?.greeting) faults.push(`a user was greeted: ${json.message ?? json.code}`)
      })
      await Promise.all(requests)
    }
    return { faults, text: 'each greets the user of its token' }
  },
}
