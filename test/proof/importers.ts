// API clients import the contract. The generated collections must run, and so must the result of each client's own
// importer for openapi.yaml. Only the base URL and the credentials are set.
import type { Prove, Result } from './proof.ts'
import { root, type ServerOptions, type StartedServer, startServer } from '../support/process.ts'
import { defineFault, withFault } from '../support/planted-fault.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readExpected } from './importers/contract.ts'
import type { Outcome, RunClient } from './importers/client.ts'
import { importContract } from './importers/insomnia.ts'
import * as postman from './importers/postman.ts'
import { installPrograms, type ProgramName, type Programs, versionOf } from './importers/programs.ts'
import * as thunderClient from './importers/thunder-client.ts'

// Development mode, because the password of the examples is too short for production.
const settings = { NODE_ENV: 'development', HOST: '127.0.0.1', PORT: '0' }

// The log-in of this twin looks right. Only a request with its token fails.
const invalidTokens = defineFault(
  'access tokens that are not valid',
  'operations/issue-token.ts',
  'access_token: tokens.accessToken',
  "$&.replace(/[^.]+$/, 'AAAA')",
)
const contract = readFileSync(join(root, 'openapi.yaml'), 'utf8')
const { requests, run: wholeRun } = readExpected(contract)
const refused = requests.filter(({ requiresToken }) => requiresToken).map(({ name }) => name)

const readFile = async () => contract

const readServed = async ({ url }: { readonly url: string }): Promise<string> => {
  const answer = await fetch(`${url}/openapi.yaml`, { signal: AbortSignal.timeout(10_000) })
  return answer.text()
}

/** Whether all expected requests were sent, and none has failed. */
const isGreen =
  (count: number) =>
  (outcome: Outcome): boolean =>
    outcome.requests === count && outcome.failed.length === 0

interface ApiClient {
  readonly name: ProgramName
  readonly what: string
  readonly run: RunClient
  readonly isGenerated?: boolean
}

const listClients = (programs: Programs): readonly ApiClient[] => [
  { name: 'newman', what: 'the generated collection', run: postman.runCollection(programs), isGenerated: true },
  { name: 'newman', what: '`openapi.yaml` as Postman imports it', run: postman.runImport(programs, readFile) },
  { name: 'newman', what: '`/openapi.yaml` as Postman imports it', run: postman.runImport(programs, readServed) },
  {
    name: '@thunderclient/cli',
    what: 'the generated collection as imported',
    run: thunderClient.runCollection(programs),
    isGenerated: true,
  },
  { name: '@thunderclient/cli', what: '`openapi.yaml` as imported', run: thunderClient.runImport(programs) },
]

export const prove: Prove = async () => {
  const programs = installPrograms()
  const results: Result[] = []
  await withFault(invalidTokens, async (script) => {
    for (const client of listClients(programs)) results.push(...(await proveClient(client, script)))
  })
  const insomnia = await attempt(`${versionOf('insomnia-importers')}, \`openapi.yaml\` as imported`, async () => {
    const outcome = await importContract(programs)
    return { passed: isGreen(requests.length)(outcome), text: describe(outcome) }
  })
  return [...results, insomnia]
}

const proveClient = async (
  { name, what, run, isGenerated = false }: ApiClient,
  twinScript: string,
): Promise<readonly Result[]> => {
  const title = `${versionOf(name)}, ${what}`
  return [
    await attempt(title, async () => {
      const outcomes = await withServer({ settings }, async (server) => {
        const first = await run(server)
        return isGenerated ? [first, await run(server)] : [first]
      })
      return {
        passed: outcomes.every(isGreen(isGenerated ? wholeRun.length : requests.length)),
        text: outcomes.map(describe).join('; again on the same server: '),
      }
    }),
    await attempt(`${title}, against the twin whose tokens are not valid`, async () => {
      const outcome = await withServer({ script: twinScript, settings }, run)
      return { passed: isSame(outcome.failed, refused), text: `is found out: ${describe(outcome)}` }
    }),
  ]
}

/** Compares without the order, because importers may change it. */
const isSame = (found: readonly string[], expected: readonly string[]): boolean =>
  found.toSorted().join() === expected.toSorted().join()

const withServer = async <Used>(
  options: ServerOptions,
  use: (server: StartedServer) => Used | Promise<Used>,
): Promise<Used> => {
  const server = await startServer(options)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

/** Turns an error into a failed result, so that the other clients still run. */
const attempt = async (title: string, judge: () => Promise<Result>): Promise<Result> => {
  try {
    const { passed, text } = await judge()
    return { passed, text: `${title}: ${text}` }
  } catch (error) {
    return { passed: false, text: `${title}: ${(error as Error).stack}` }
  }
}

const describe = ({ requests, tests, failed, switchedOff = [] }: Outcome): string =>
  `${requests} requests, ${tests > 0 ? `${tests} tests, ` : ''}${failed.length} failed` +
  (failed.length > 0 ? ` (${failed.join('; ')})` : '') +
  (switchedOff.length > 0 ? `; made up, and switched off: ${switchedOff.join(', ')}` : '')
