// Measures how long the service takes to start, and how large its dependencies are.
import { emptyFolder, root, startServer } from '../support/process.ts'
import { send } from '../support/http.ts'
import { spawnSync } from 'node:child_process'
import { cpSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.ts'
import type { Prove, Result } from './proof.ts'

const starts = 5
const maxMilliseconds = 700
// 19 of them are libsql's: npm installs its binaries for glibc and for musl, since the packages do not tell them apart.
const maxMib = 90

export const prove: Prove = async () => [await proveTime(), proveSize()]

const proveTime = async (): Promise<Result> => {
  const times: number[] = []
  for (let i = 0; i < starts; i += 1) times.push(await timeStart())
  times.sort((a, b) => a - b)
  const median = times[Math.floor(starts / 2)] ?? Infinity
  return {
    passed: median <= maxMilliseconds,
    text:
      `from the start of the process to the first 200 of /health/live ${median.toFixed(0)} ms, the median of ` +
      `${times.map((time) => time.toFixed(0)).join(', ')} (${maxMilliseconds} ms)`,
  }
}

const timeStart = async (): Promise<number> => {
  const start = performance.now()
  const server = await startServer()
  const { status } = await send(server.url, { path: '/health/live' })
  const milliseconds = performance.now() - start
  await server.stop()
  return status === 200 ? milliseconds : Infinity
}

/** Installs the production dependencies outside the project, and sums up their size. */
const proveSize = (): Result => {
  const path = emptyFolder()
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, file), join(path, file))
  npm(path, 'ci', '--omit=dev')
  const packages = join(path, 'node_modules')
  const mib = bytesIn(packages) / 2 ** 20
  const blocks = spawnSync('du', ['-sm', packages], { encoding: 'utf8' })
  const onDisk = blocks.status === 0 ? `, ${parseInt(blocks.stdout)} MiB on disk by \`du -sm\`` : ''
  return {
    passed: mib <= maxMib && (onDisk === '' || parseInt(blocks.stdout) <= maxMib),
    text: `production dependencies ${mib.toFixed(1)} MiB of files${onDisk} (${maxMib} MiB)`,
  }
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0)
