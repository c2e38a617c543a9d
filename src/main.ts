#!/usr/bin/env node
// An older Node would fail to load static imports before this check could run.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Node ${process.versions.node} is too old: install Node 20.19 or later.`)
  process.exit(1)
}
const { default: closeWithGrace } = await import('close-with-grace')
const { runCommand } = await import('./commands/run-command.ts')
const { isWorker } = await import('./commands/worker-environment.ts')

// A reader such as `head` may close the pipe early. The failed write must not end the process.
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
  const { connectToSupervisor } = await import('./commands/worker.ts')
  connectToSupervisor(outcome)
} else {
  closeWithGrace({ delay: 10_000, logger: false }, outcome.stop)
  // The banner comes last, because a signal only stops the server cleanly from here on.
  process.stderr.write(`${outcome.banner}\n`)
}

export {}
