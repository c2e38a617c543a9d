// Serves, and on each change of a source or of the contract builds anew and starts again. What does not compile
// is shown, and the last good build goes on.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build, buildIfStale } from './build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
// An editor writes a file in several steps; one build is for all that comes within this time.
const settleMilliseconds = 150

let server
let change = nextChange()

const start = () => {
  server = spawn(process.execPath, ['dist/main.js'], { cwd: root, stdio: 'inherit' })
}

const stop = async () => {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}

function nextChange() {
  const next = {}
  next.promise = new Promise((resolve) => (next.resolve = resolve))
  return next
}

const noteChange = (name) => {
  // The generator writes this one itself.
  if (!name?.endsWith('generated.ts')) change.resolve(name)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    await stop()
    process.exit(0)
  })
}

buildIfStale()
start()
watch(`${root}/src`, { recursive: true }, (_event, name) => noteChange(name))
watch(root, (_event, name) => {
  if (name === 'openapi.yaml') noteChange(name)
})

for (;;) {
  const name = await change.promise
  await delay(settleMilliseconds)
  change = nextChange()
  console.error(`\n${name} has changed: building.`)
  if (!build()) continue
  await stop()
  start()
}
