// The whole suite on the newer Node versions that are supported. Further words go to jest.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { atExit } from './at-exit.mjs'
import { findBinary } from './node-binary.mjs'
import { root } from './server.mjs'

const versions = [22, 24, 26]
const suiteMilliseconds = 900_000
const linesShown = 60

export const prove = async (words) => {
  const results = []
  for (const version of versions) results.push(await runSuite(version, words))
  return results
}

const runSuite = async (version, words) => {
  const binary = findBinary(version)
  const start = performance.now()
  const { status, said } = await run(binary.path, [join(root, 'scripts', 'test.mjs'), ...words])
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const counts = /^Tests: +(.*)$/m.exec(said)?.[1] ?? 'no tests were run'
  if (status !== 0) console.error(said.split('\n').slice(-linesShown).join('\n'))
  return { passed: status === 0, text: `Node ${binary.version}: ${counts}, ${seconds} s${describe(words)}` }
}

const describe = (words) => (words.length > 0 ? `; only \`${words.join(' ')}\`` : '')

/** @returns the exit status, and all that was written */
const run = (path, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: suiteMilliseconds })
    atExit(() => child.kill())
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (said += text))
    }
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, said }))
  })
