// No static import: an older Node would fail while it links them, before it could say why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Node ${process.versions.node} is too old: install Node 20.19 or later.`)
  process.exit(1)
}

const serve = async (): Promise<number> => {
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
  return isServing ? 0 : 1
}

const verify = async (words: readonly string[]): Promise<number> => {
  const { runVerify } = await import('./commands/verify.ts')
  return runVerify(words, { print: (line) => console.log(line), stderr: process.stderr })
}

const commands: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = { serve, verify }

const usage = `Usage: npm run sesame -- COMMAND

  serve              serves (npm start does so, too)
  verify BASE_URL    runs the contract against a server; verify --help says more`

const [name = 'serve', ...words] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command) {
  process.exitCode = await command(words)
} else if (/^(-h|--help|help)$/.test(name)) {
  console.log(usage)
} else {
  console.error(`error: ${name} is no command.\n\n${usage}`)
  process.exitCode = 2
}

export {}
