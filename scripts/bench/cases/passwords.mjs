// Measures a log-in and a sign-up beside argon2id alone with the same parameters. The difference is Sesame's own cost.
import { openAccount, password } from '../accounts.mjs'
import { startChild } from '../child.mjs'
import { postForm, postJson } from '../load/request-text.mjs'
import { measureCases } from '../measure.mjs'
import { benchSettings, startNode } from '../programs.mjs'

const connections = 2
const accounts = 20
const atMost = 1.15

export const run = async (_names, bench) => {
  const { generator, scale, rounds } = bench
  // All requests come from one address.
  const server = await startNode({ settings: benchSettings() })
  const argon2id = startChild(new URL('../peers/argon2id.mjs', import.meta.url))
  const usernames = Array.from({ length: accounts }, (_, i) => `member-${i}`)
  for (const username of usernames) await openAccount(server.url, username)
  const newNames = Array.from({ length: rounds * scale.hashes + scale.hashWarmUp }, (_, i) => `newcomer-${i}`)
  const plans = {
    logIn: await generator.rotate(usernames.map((username) => postForm('/token', { username, password }))),
    signUp: await generator.rotate(newNames.map((username) => postJson('/signup', { username, password }))),
  }

  const results = await measureCases(
    [
      caseOf({ id: 'log-in', title: 'POST /token, grant_type=password', plan: plans.logIn, kind: 'verify' }),
      caseOf({ id: 'sign-up', title: 'POST /signup', plan: plans.signUp, kind: 'hash' }),
    ].map((each) => ({ ...each, entries: each.entries({ bench, server, argon2id }) })),
    { rounds, onRound: bench.progress('passwords') },
  )
  await server.stop()
  await argon2id.stop()
  return results
}

const caseOf = ({ id, title, plan, kind }) => ({
  id,
  title,
  entries: ({ bench: { generator, scale }, server, argon2id }) => [
    {
      id: 'sesame',
      name: 'Sesame',
      requests: scale.hashes,
      warmUp: scale.hashWarmUp,
      sample: (requests) => generator.load(server, { plan, connections, expected: { status: 200 } }, requests),
    },
    {
      id: 'argon2id',
      name: `argon2id alone, ${kind}`,
      requests: scale.hashes,
      warmUp: scale.hashWarmUp,
      sample: (count) => argon2id.ask({ kind, count }),
    },
  ],
  ratios: [{ of: 'sesame', to: 'argon2id', atMost }],
})
