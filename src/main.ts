// No static import: an older Node would fail while it links them, before it could say why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Node ${process.versions.node} is too old: install Node 20.19 or later.`)
  process.exit(1)
}
const { default: closeWithGrace } = await import('close-with-grace')
const { runCommand } = await import('./commands/commands.ts')

// Whoever reads may go away, as `head` does: what is written then fails where that matters, and does not end the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const status = await runCommand(process.argv.slice(2), {
  environment: process.env,
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onServing: (_port, stop) => closeWithGrace({ delay: 10_000, logger: false }, stop),
})
if (status !== 0) process.exitCode = status

export {}
