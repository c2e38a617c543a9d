// API clients take the contract: the generated collections run, and so does what the clients' own importers make of
// openapi.yaml, with nothing set but the base URL and the credentials.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readExpected } from './importers/contract.mjs'
import { importContract } from './importers/insomnia.mjs'
import * as postman from './importers/postman.mjs'
import { installPrograms, versionOf } from './importers/programs.mjs'
import * as thunderClient from './importers/thunder-client.mjs'
import { root, startServer } from './server.mjs'
import { makeTwin } from './twin.mjs'

// As a reader starts it: the examples' password is too short for production.
const settings = { NODE_ENV: 'development', HOST: '127.0.0.1', PORT: '0' }

// Only sent on, the token can be found out: the log-in itself looks as it should.
const twinFault = ['access_token: tokens.accessToken', "access_token: tokens.accessToken.replace(/[^.]+$/, 'AAAA')"]
const contract = readFileSync(join(root, 'openapi.yaml'), 'utf8')
const { requests, run: wholeRun } = readExpected(contract)
const refused = requests.filter(({ asksForToken }) => asksForToken).map(({ name }) => name)

const readFile = async () => contract

const readServed = async ({ url }) => {
  const answer = await fetch(`${url}/openapi.yaml`, { signal: AbortSignal.timeout(10_000) })
  return answer.text()
}

/** Whether all that was expected was there, and nothing has failed. */
const isGreen = (count) => (outcome) => outcome.requests === count && outcome.failed.length === 0

const listClients = (programs) => [
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

export const prove = async () => {
  const programs = installPrograms()
  const twin = makeTwin('operations/issue-token.js', ...twinFault)
  const proven = []
  for (const client of listClients(programs)) proven.push(...(await proveClient(client, twin.script)))
  proven.push(
    await attempt(`${versionOf('insomnia-importers')}, \`openapi.yaml\` as imported`, async () => {
      const outcome = await importContract(programs)
      return { passed: isGreen(requests.length)(outcome), text: describe(outcome) }
    }),
  )
  twin.remove()
  programs.remove()
  return proven
}

const proveClient = async ({ name, what, run, isGenerated = false }, twinScript) => {
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

/** Importers may have an order of their own. */
const isSame = (found, expected) => found.toSorted().join() === expected.toSorted().join()

const withServer = async (options, use) => {
  const server = await startServer(options)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

/** One client that throws does not hide what the others do. */
const attempt = async (title, judge) => {
  try {
    const { passed, text } = await judge()
    return { passed, text: `${title}: ${text}` }
  } catch (error) {
    return { passed: false, text: `${title}: ${error.stack}` }
  }
}

const describe = ({ requests, tests, failed, switchedOff = [] }) =>
  `${requests} requests, ${tests > 0 ? `${tests} tests, ` : ''}${failed.length} failed` +
  `${failed.length > 0 ? ` (${failed.join('; ')})` : ''}` +
  `${switchedOff.length > 0 ? `; made up, and switched off: ${switchedOff.join(', ')}` : ''}`
