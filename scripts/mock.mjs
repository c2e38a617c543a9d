// Serves the examples of the contract, for whoever cannot wait for the handlers. Sources are compiled without a look
// at their types, since an operation that has no handler yet does not compile. Another contract may be named.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, watch } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseEnv } from 'node:util'
import yaml from 'js-yaml'

const root = fileURLToPath(new URL('..', import.meta.url))
const contract = resolve(process.argv[2] ?? join(root, 'openapi.yaml'))
// Below the project, so that the packages are found.
const compiled = join(root, 'node_modules', '.cache', 'sesame-mock')
// An editor writes a file in several steps; they are read once.
const settleMilliseconds = 100

const compile = () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const words = ['-p', '.', '--noCheck', '--outDir', compiled]
  return spawnSync(process.execPath, [tsc, ...words], { cwd: root, stdio: 'inherit' }).status === 0
}

if (!compile()) process.exit(1)
const { mock } = await import(pathToFileURL(join(compiled, 'commands', 'mock.js')).href)
const dotEnv = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
const running = await mock({
  environment: { ...dotEnv, ...process.env },
  readDocument: () => yaml.load(readFileSync(contract, 'utf8')),
  stdout: { fd: 1, isTTY: process.stdout.isTTY },
  print: (line) => console.error(line),
})
if (!running) process.exit(1)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    await running.stop()
    process.exit(0)
  })
}

let isWaiting = false
watch(dirname(contract), async (_event, name) => {
  if (name !== basename(contract) || isWaiting) return
  isWaiting = true
  await delay(settleMilliseconds)
  isWaiting = false
  await running.reload()
})
