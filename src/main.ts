// No static import: an older Node would fail while it links them, before it could say why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Node ${process.versions.node} is too old: install Node 20.19 or later.`)
  process.exit(1)
}
const { existsSync, readFileSync } = await import('node:fs')
const { parseEnv } = await import('node:util')
const { default: closeWithGrace } = await import('close-with-grace')
const { serve } = await import('./commands/serve.ts')

const dotEnv = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
const isServing = await serve({
  environment: { ...dotEnv, ...process.env },
  stdout: { fd: 1, isTTY: process.stdout.isTTY },
  print: (line) => console.error(line),
  onServing: (_port, stop) => closeWithGrace({ delay: 10_000, logger: false }, stop),
})
if (!isServing) process.exitCode = 1

export {}
