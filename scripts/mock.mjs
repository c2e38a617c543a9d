// Serves the examples of a contract, which needs no handlers. An optional argument names the file of the contract.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import chokidar from 'chokidar'
import yaml from 'js-yaml'
import { compile } from './build/compile.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const usage = `Usage: npm run mock [-- CONTRACT]

Serves the examples of CONTRACT, an OpenAPI 3.0 file, by default openapi.yaml. When the file changes, the mock reads it
again. The mock uses the settings HOST, PORT, CORS_ORIGINS, ISSUER and LOG_LEVEL.

To choose a response, send the header Prefer: code=503 or Prefer: example=badToken, or the query ?__code=503 or
?__example=badToken.`

/** The file that the command line names. Ends the process after `--help` and after a wrong command line. */
const readCommand = () => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    })
    if (positionals.length > 1) throw new Error('Name only one contract.')
    if (!values.help) return resolve(positionals[0] ?? join(root, 'openapi.yaml'))
    console.log(usage)
    process.exit(0)
  } catch (error) {
    console.error(`error: ${error.message}\n\n${usage}`)
    process.exit(2)
  }
}

const contract = readCommand()
// This folder is inside the project, so that imports find the packages.
const compiled = join(root, 'node_modules', '.cache', 'sesame', 'mock', 'dist')

if (!(await compile({ source: join(root, 'src'), target: compiled }))) process.exit(1)
const load = (...path) => import(pathToFileURL(join(compiled, ...path)).href)
const { mock } = await load('commands', 'mock.js')
const { contractIn } = await load('mock', 'document.js')
const { readDotEnv } = await load('commands', 'dot-env.js')

const end = (error) => {
  if (error.exitCode === undefined) throw error
  for (const problem of error.problems) console.error(`error: ${problem}`)
  process.exit(error.exitCode)
}
const start = async () =>
  mock({
    environment: { ...readDotEnv('.env'), ...process.env },
    readDocument: () => contractIn(contract, yaml.load(readFileSync(contract, 'utf8'), { filename: contract })),
    stdout: { fd: 1, isTTY: process.stdout.isTTY },
    print: (line) => console.error(line),
  })
const running = await start().catch(end)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    await running.stop()
    process.exit(0)
  })
}

// An editor may write a file in several steps.
const awaitWriteFinish = { stabilityThreshold: 100, pollInterval: 20 }
chokidar.watch(contract, { ignoreInitial: true, awaitWriteFinish }).on('all', () => void running.reload())
