#!/usr/bin/env node
// No static import: an older Node would fail while it links them, before it could say why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Node ${process.versions.node} is too old: install Node 20.19 or later.`)
  process.exit(1)
}
const { default: closeWithGrace } = await import('close-with-grace')
const { runCommand } = await import('./commands/run-command.ts')
const { isWorker } = await import('./commands/worker-environment.ts')

// A reader such as head may close its end early. A failed write must not end the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const outcome = await runCommand(process.argv.slice(2), {
  environment: process.env,
  dotEnvFile: '.env',
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
})
if (typeof outcome === 'number') {
  // The channel to its supervisor would keep a worker alive.
  if (isWorker(process.env)) process.exit(outcome)
  process.exitCode = outcome
} else if (isWorker(process.env)) {
  const { obeySupervisor } = await import('./commands/worker.ts')
  obeySupervisor(outcome)
} else {
  closeWithGrace({ delay: 10_000, logger: false }, outcome.stop)
  // The banner comes last: from then on a signal stops the server cleanly.
  process.stderr.write(`${outcome.banner}\n`)
}

export {}
