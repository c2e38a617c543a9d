// Two users whose requests interleave: each response greets the user whose token the request had.
import { expectOk } from './service.mjs'

const usernames = ['licat', 'another']
const password = 'a password of the proof'
const atOnce = 64

export const twoCallers = {
  name: 'requests of two users in turn',
  rounds: 100_000,
  twinRounds: 1_000,
  run: async (service, { rounds, random }) => {
    const users = []
    for (const username of usernames) {
      expectOk(await service.signUp({ username, password }))
      const { access_token: token } = expectOk(await service.logIn({ username, password }))
      users.push({ token, greeting: `Hello ${username}! This is a protected route` })
    }
    const faults = []
    for (let sent = 0; sent < rounds; sent += atOnce) {
      const callers = Array.from({ length: Math.min(atOnce, rounds - sent) }, () => users[random() < 0.5 ? 0 : 1])
      const answers = await Promise.all(callers.map(({ token }) => service.readProtected(token)))
      answers.forEach(({ body }, i) => {
        if (body.message !== callers[i].greeting) faults.push(`a user was greeted: ${body.message ?? body.code}`)
      })
    }
    return { faults, text: 'each greets the user of its token' }
  },
}
