// Clients sign up and refresh, and the server is killed at random moments: whatever it has acknowledged is there.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTemporaryFolder } from '../at-exit.mjs'
import { randomFrom } from '../random.mjs'
import { makeTwin } from '../twin.mjs'
import { expectOk, openService, runCommand, tally } from './service.mjs'

const clientCount = 32
const signUpShare = 0.1
const lifeMilliseconds = { shortest: 300, longest: 3000 }
const writesPerCycle = 100
const logInsAtOnce = 8
const twinCycles = 3

/** @param cycles how often the server is killed */
export const proveCrashes = async ({ cycles, seed }) => {
  const start = performance.now()
  const outcome = await run({ cycles, seed })
  const { faults, acknowledged, unknown, accounts, doctor } = outcome
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const isEnough = acknowledged >= cycles * writesPerCycle
  const counts =
    `${cycles} kills of the server under ${clientCount} clients in ${seconds} s, seed ${seed}: ${acknowledged} ` +
    `acknowledged writes (${accounts} sign-ups), ${unknown} more were under way at a kill`
  const verdict =
    faults.length === 0
      ? '0 lost; everyone logs in, and whoever presents a token of long ago ends the session; sesame doctor finds nothing'
      : tally(faults)
  return [
    { passed: faults.length === 0 && isEnough && doctor.status === 0, text: `${counts}; ${verdict}` },
    await proveTwin(seed),
  ]
}

/** Answers, and commits up to 100 ms later, what SQLite does in one go for many. */
const lateCommit = `
    if (text === 'commit') return executed(() => {
        connection.late ??= setTimeout(() => { connection.late = undefined; connection.exec('commit'); }, 100);
    });
    if (text === 'begin' && connection.inTransaction) return executed(() => undefined);
    if (text === 'begin')`

const proveTwin = async (seed) => {
  const twin = makeTwin('stores/sql/sqlite-dialect.js', "if (text === 'begin')", lateCommit)
  const { faults, acknowledged } = await run({ cycles: twinCycles, seed, script: twin.script })
  twin.remove()
  const text = `the twin that answers before it commits is found out: of ${acknowledged} writes, ${tally(faults)}`
  return { passed: faults.length > 0, text }
}

const run = async ({ cycles, seed, script }) => {
  const folder = createTemporaryFolder()
  const file = join(folder.path, 'sesame.db')
  const random = randomFrom(seed)
  // By the service itself: a migration is none of the twin's.
  const clients = await prepare(file)
  const faults = []
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const service = await openService(file, script)
    for (const found of await Promise.all(clients.map((client) => compare(service, client)))) faults.push(...found)
    const working = Promise.all(clients.map((client) => work(service, client, random)))
    const { shortest, longest } = lifeMilliseconds
    await delay(shortest + random() * (longest - shortest))
    await service.kill()
    for (const found of await working) faults.push(...found)
  }
  const service = await openService(file, script)
  faults.push(...(await compareAll(service, clients)))
  await service.kill()
  const doctor = await runCommand(file, ['doctor'])
  if (doctor.status !== 0) faults.push(doctor.output)
  folder.remove()
  const sum = (of) => clients.reduce((total, client) => total + of(client), 0)
  return {
    faults,
    doctor,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    unknown: sum(({ unknown }) => unknown),
    accounts: sum(({ names }) => names.length),
  }
}

/** Clients with an account and a session each. `tokens`: the refresh tokens of the session that were acknowledged. */
const prepare = async (file) => {
  const service = await openService(file)
  const clients = []
  for (let number = 0; number < clientCount; number += 1) {
    const name = `client-${number}`
    expectOk(await service.signUp(name))
    const tokens = [expectOk(await service.logIn(name)).refresh_token]
    clients.push({ number, names: [name], tokens, acknowledged: 0, unknown: 0, isUnderWay: false })
  }
  await service.kill()
  return clients
}

/** Writes until there is no answer any more. */
const work = async (service, client, random) => {
  const faults = []
  for (;;) {
    const name = random() < signUpShare ? `client-${client.number}-${client.names.length}-${client.unknown}` : undefined
    try {
      const { status, body } = await (name ? service.signUp(name) : service.refresh(client.tokens.at(-1)))
      if (status !== 200) return [...faults, `${name ? 'a sign-up' : 'a refresh'} answered ${status}`]
      if (name) client.names.push(name)
      else client.tokens.push(body.refresh_token)
      client.acknowledged += 1
    } catch {
      client.unknown += 1
      client.isUnderWay = name === undefined
      return faults
    }
  }
}

/** After a kill: the token before the last one is still known as such, and yields the last one, unless a refresh was under
 * way; the last one works. */
const compare = async (service, client) => {
  const faults = []
  const [last, before] = [client.tokens.at(-1), client.tokens.at(-2)]
  if (!client.isUnderWay && before !== undefined) {
    const { status, body } = await service.refresh(before)
    if (status !== 200 || body.refresh_token !== last) faults.push('a refresh that is forgotten')
  }
  const { status, body } = await service.refresh(last)
  if (status === 200) client.tokens.push(body.refresh_token)
  else faults.push('a refresh that is lost')
  if (status !== 200) client.tokens = [expectOk(await service.logIn(client.names[0])).refresh_token]
  client.isUnderWay = false
  return faults
}

const compareAll = async (service, clients) => {
  const faults = (await Promise.all(clients.map((client) => compare(service, client)))).flat()
  const names = clients.flatMap((client) => client.names)
  for (let i = 0; i < names.length; i += logInsAtOnce) {
    const answers = await Promise.all(names.slice(i, i + logInsAtOnce).map((name) => service.logIn(name)))
    faults.push(...answers.filter(({ status }) => status !== 200).map(({ status }) => `a log-in answered ${status}`))
  }
  for (const { tokens } of clients.filter((client) => client.tokens.length > 3)) {
    const { status } = await service.refresh(tokens[0])
    const after = await service.refresh(tokens.at(-1))
    if (status !== 400 || after.status !== 400) faults.push('a token of long ago that does not end its session')
  }
  return faults
}
