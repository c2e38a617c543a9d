// Runs argon2id alone with Sesame's parameters. This is the minimum cost of a log-in or a sign-up.
import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { handleMessages } from '../handle-messages.mjs'

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const password = 'a password of the bench'
const stored = await hash(password, parameters)

const work = {
  hash: () => hash(password, parameters),
  verify: () => verify(stored, password),
}

// Computes as many hashes at once as Sesame does.
const runAll = async (run, count) => {
  let begun = 0
  const inTurn = async () => {
    while (begun < count) {
      begun += 1
      await run()
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, inTurn))
}

handleMessages(async ({ kind, count }) => {
  const before = process.cpuUsage()
  const start = performance.now()
  await runAll(work[kind], count)
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(before)
  return { cpuMicroseconds: (user + system) / count, requestsPerSecond: count / seconds }
})
