// Kills the server at random moments while clients sign up and refresh. It must keep all that it has acknowledged.
import { expectOk, tally } from '../../support/http.ts'
import type { Prove, Result } from '../proof.ts'
import { emptyFolder } from '../../support/process.ts'
import { defineFault, withFault } from '../../support/planted-fault.ts'
import { type Random, randomFrom } from '../../support/seeded-random.ts'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openService, runCommand, type SqliteService } from './service.ts'

const clientCount = 32
const signUpShare = 0.1
const lifeMilliseconds = { shortest: 300, longest: 3000 }
const writesPerCycle = 100
const logInsAtOnce = 8
const twinCycles = 3

// How often the server is killed.
const kills = { short: 5, full: 50 }

export const proveCrashes: Prove = async ({ words, seed }) => {
  const cycles = words.includes('full') ? kills.full : kills.short
  const start = performance.now()
  const outcome = await run({ cycles, seed })
  const { faults, acknowledged, unknown, accounts, doctor } = outcome
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const isEnough = acknowledged >= cycles * writesPerCycle
  const counts =
    `${cycles} kills of the server under ${clientCount} clients in ${seconds} s: ${acknowledged} ` +
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

/** The twin responds first, and commits up to 100 ms later, for many requests at once. */
const lateCommit = `
    if (text === 'commit') return executed(() => {
        connection.late ??= setTimeout(() => { connection.late = undefined; connection.exec('commit'); }, 100);
    });
    if (text === 'begin' && connection.inTransaction) return executed(() => undefined);
    $&`
const commitsLate = defineFault(
  'an answer before the commit',
  'stores/sql/sqlite-dialect.ts',
  "if (text === 'begin')",
  lateCommit,
)

const proveTwin = async (seed: number): Promise<Result> => {
  const { faults, acknowledged } = await withFault(commitsLate, (script) => run({ cycles: twinCycles, seed, script }))
  const text = `the twin that answers before it commits is found out: of ${acknowledged} writes, ${tally(faults)}`
  return { passed: faults.length > 0, text }
}

interface Crashes {
  readonly cycles: number
  readonly seed: number
  readonly script?: string
}

const run = async ({ cycles, seed, script }: Crashes) => {
  const folder = emptyFolder()
  const file = join(folder, 'sesame.db')
  const random = randomFrom(seed)
  // The service itself migrates the file, because the twin would commit the migration late.
  const clients = await prepare(file)
  const faults: string[] = []
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
  const sum = (of: (client: CrashClient) => number): number => clients.reduce((total, client) => total + of(client), 0)
  return {
    faults,
    doctor,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    unknown: sum(({ unknown }) => unknown),
    accounts: sum(({ names }) => names.length),
  }
}

/** A client that has accounts and one session. */
interface CrashClient {
  readonly number: number
  readonly names: string[]
  /** The refresh tokens of the session, in the order in which the client got them. */
  tokens: string[]
  acknowledged: number
  unknown: number
  isUnderWay: boolean
}

const prepare = async (file: string): Promise<readonly CrashClient[]> => {
  const service = await openService(file)
  const clients: CrashClient[] = []
  for (let number = 0; number < clientCount; number += 1) {
    const name = `client-${number}`
    expectOk(await service.signUp(name))
    const tokens = [expectOk(await service.logIn(name)).refresh_token]
    clients.push({ number, names: [name], tokens, acknowledged: 0, unknown: 0, isUnderWay: false })
  }
  await service.kill()
  return clients
}

/** Writes until the server does not respond any more. */
const work = async (service: SqliteService, client: CrashClient, random: Random): Promise<readonly string[]> => {
  for (;;) {
    const name = random() < signUpShare ? `client-${client.number}-${client.names.length}-${client.unknown}` : undefined
    try {
      const { status, json } = await (name ? service.signUp(name) : service.refresh(client.tokens.at(-1) ?? ''))
      if (status !== 200) return [`${name ? 'a sign-up' : 'a refresh'} answered ${status}`]
      if (name) client.names.push(name)
      else client.tokens.push(json.refresh_token)
      client.acknowledged += 1
    } catch {
      client.unknown += 1
      client.isUnderWay = name === undefined
      return []
    }
  }
}

/** Lists what a kill has lost. The last token must work. The token before it must yield the last one again, unless a
 * refresh was in flight at the kill. */
const compare = async (service: SqliteService, client: CrashClient): Promise<readonly string[]> => {
  const faults: string[] = []
  const [last = '', before] = [client.tokens.at(-1), client.tokens.at(-2)]
  if (!client.isUnderWay && before !== undefined) {
    const { status, json } = await service.refresh(before)
    if (status !== 200 || json.refresh_token !== last) faults.push('a refresh that is forgotten')
  }
  const { status, json } = await service.refresh(last)
  if (status === 200) client.tokens.push(json.refresh_token)
  else faults.push('a refresh that is lost')
  if (status !== 200) client.tokens = [expectOk(await service.logIn(client.names[0] ?? '')).refresh_token]
  client.isUnderWay = false
  return faults
}

const compareAll = async (service: SqliteService, clients: readonly CrashClient[]): Promise<readonly string[]> => {
  const faults = (await Promise.all(clients.map((client) => compare(service, client)))).flat()
  const names = clients.flatMap((client) => client.names)
  for (let i = 0; i < names.length; i += logInsAtOnce) {
    const answers = await Promise.all(names.slice(i, i + logInsAtOnce).map((name) => service.logIn(name)))
    faults.push(...answers.filter(({ status }) => status !== 200).map(({ status }) => `a log-in answered ${status}`))
  }
  for (const { tokens } of clients.filter((client) => client.tokens.length > 3)) {
    const { status } = await service.refresh(tokens[0] ?? '')
    const after = await service.refresh(tokens.at(-1) ?? '')
    if (status !== 400 || after.status !== 400) faults.push('a token of long ago that does not end its session')
  }
  return faults
}
