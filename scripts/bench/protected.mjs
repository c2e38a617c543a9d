// GET /protected with a valid token: the CPU time and the rate of Sesame, against a peer written by hand.
//
// CPU time is the server's own, not the wall clock, so that the load generator and other programs on the machine
// count little. All servers are alive at once and take turns in short rounds: what disturbs the machine for a while
// then disturbs them alike.
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { buildIfStale } from '../build.mjs'
import { productionSettings, sesame, startServer } from '../proof/server.mjs'

const warmUpRequests = 15_000
const rounds = 61
const requestsPerRound = 1_000
const connections = 10
const maxSecondsPerRound = 60
const target = 2

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const preload = new URL('cpu-reporter.mjs', import.meta.url)

const contenders = [
  { name: 'Koa + jsonwebtoken, by hand', script: here('peer.mjs') },
  { name: 'Sesame', script: sesame },
  { name: 'Sesame, 100 more operations', script: here('wide-sesame.mjs') },
]

export const run = async () => {
  buildIfStale()
  // One key and one issuer for all. Each Sesame has a session of its own; the peer verifies the token of the first.
  const settings = { ...productionSettings(), ISSUER: 'http://localhost:8000' }
  const measured = await Promise.all(
    contenders.map(async ({ name, script }) => ({
      name,
      server: await startServer({ script, settings, preload }),
      rounds: [],
    })),
  )
  const [peer, ...services] = measured
  for (const service of services) service.token = await logIn(service.server.url)
  peer.token = services[0].token
  for (const { server, token } of measured) await load(server, token, warmUpRequests)
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of inTurn(measured, round)) {
      contender.rounds.push(await load(contender.server, contender.token, requestsPerRound))
    }
  }
  await Promise.all(measured.map(({ server }) => server.stop()))
  report(measured)
}

/** Signs up at Sesame and logs in there. */
const logIn = async (url) => {
  const username = 'licat'
  const password = 'a password of the bench'
  const json = { 'Content-Type': 'application/json' }
  await fetch(`${url}/signup`, { method: 'POST', headers: json, body: JSON.stringify({ username, password }) })
  const answer = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams({ username, password }) })
  return (await answer.json()).access_token
}

/** Each round begins with another one. */
const inTurn = (list, round) => list.map((_, i) => list[(i + round) % list.length])

/** Sends so many requests, and yields what one of them cost. */
const load = async ({ url, ask }, token, requests) => {
  const before = await ask('cpu')
  const start = performance.now()
  const running = autocannon({
    url: `${url}/protected`,
    connections,
    amount: requests,
    headers: { authorization: `Bearer ${token}` },
    // How often it looks whether it is done; a second by default, which is more than a round.
    sampleInt: 10,
    expectBody: JSON.stringify({ message: 'Hello licat! This is a protected route' }),
  })
  let end = start
  running.on('response', () => (end = performance.now()))
  const timer = setTimeout(() => running.stop(), maxSecondsPerRound * 1000)
  const result = await running
  clearTimeout(timer)
  const after = await ask('cpu')
  if (result['2xx'] !== requests || result.mismatches > 0) throw new Error(`${url} did not answer all as it must`)
  const microseconds = after.user + after.system - before.user - before.system
  return { cpu: microseconds / requests, rate: (requests * 1000) / (end - start) }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const report = (measured) => {
  const [peer] = measured
  console.log(`Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()})`)
  console.log(`${rounds} rounds of ${requestsPerRound} requests each, ${connections} connections; medians\n`)
  console.log('| GET /protected | CPU µs / request | lowest - highest | ratio to the peer | requests / s |')
  console.log('|---|---|---|---|---|')
  for (const { name, rounds } of measured) {
    const cpu = rounds.map((round) => round.cpu)
    const ratio = ratioOf(rounds, peer.rounds).toFixed(2)
    const range = `${Math.min(...cpu).toFixed(0)} - ${Math.max(...cpu).toFixed(0)}`
    const rate = median(rounds.map((round) => round.rate)).toFixed(0)
    console.log(`| ${name} | ${median(cpu).toFixed(1)} | ${range} | ${ratio} | ${rate} |`)
  }
  const ratio = ratioOf(measured[1].rounds, peer.rounds)
  console.log(`\nTarget: Sesame at most ${target.toFixed(1)} times the peer: ${ratio <= target ? 'met' : 'missed'}.`)
}

/** The median of the ratios round by round: what both suffered in a round cancels out. */
const ratioOf = (rounds, peerRounds) => median(rounds.map((round, i) => round.cpu / peerRounds[i].cpu))
