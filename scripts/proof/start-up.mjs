// How long the service takes to start, and how much it brings with it.
import { spawnSync } from 'node:child_process'
import { cpSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from './at-exit.mjs'
import { send } from './http-client.mjs'
import { npmCli } from './npm.mjs'
import { root, startServer } from './server.mjs'

const starts = 5
const maxMilliseconds = 700
// 19 of them are libsql's: npm installs its binaries for glibc and for musl, since the packages do not tell them apart.
const maxMib = 90
const installMilliseconds = 300_000

export const prove = async () => [await proveTime(), proveSize()]

const proveTime = async () => {
  const times = []
  for (let i = 0; i < starts; i += 1) times.push(await timeStart())
  times.sort((a, b) => a - b)
  const median = times[Math.floor(starts / 2)]
  return {
    passed: median <= maxMilliseconds,
    text:
      `from the start of the process to the first 200 of /health/live ${median.toFixed(0)} ms, the median of ` +
      `${times.map((time) => time.toFixed(0)).join(', ')} (${maxMilliseconds} ms)`,
  }
}

const timeStart = async () => {
  const start = performance.now()
  const server = await startServer({})
  const { status } = await send(`${server.url}/health/live`)
  const milliseconds = performance.now() - start
  await server.stop()
  return status === 200 ? milliseconds : Infinity
}

/** Installs what production needs, away from the project, and weighs it. */
const proveSize = () => {
  const { path, remove } = createTemporaryFolder()
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, file), join(path, file))
  // Said here, since npm would also heed what the `npm run` around this has set.
  const args = [npmCli, 'ci', '--omit=dev', '--no-audit', '--no-fund', '--prefix', path, '--loglevel', 'error']
  const npm = spawnSync(process.execPath, args, { cwd: path, encoding: 'utf8', timeout: installMilliseconds })
  if (npm.status !== 0) return { passed: false, text: `\`npm ci --omit=dev\` has failed:\n${npm.stderr}` }
  const packages = join(path, 'node_modules')
  const mib = bytesIn(packages) / 2 ** 20
  const blocks = spawnSync('du', ['-sm', packages], { encoding: 'utf8' })
  const onDisk = blocks.status === 0 ? `, ${parseInt(blocks.stdout)} MiB on disk by \`du -sm\`` : ''
  remove()
  return {
    passed: mib <= maxMib && (onDisk === '' || parseInt(blocks.stdout) <= maxMib),
    text: `production dependencies ${mib.toFixed(1)} MiB of files${onDisk} (${maxMib} MiB)`,
  }
}

const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0)
