// The test suite, run with every request and its answer kept.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atExit, createTemporaryFolder } from '../at-exit.mjs'
import { root } from '../server.mjs'

const suiteMilliseconds = 600_000
const linesShown = 60

/** Runs the suite, which has to pass, or what the words select of it.
 * @returns `exchanges`, each `{ test, request, answer }` with its bodies as buffers, and `raw`, the names of the
 * tests that write bytes of their own to a socket */
export const recordSuite = async (words) => {
  const folder = createTemporaryFolder()
  const child = spawn(process.execPath, [join(root, 'scripts', 'test.mjs'), ...words], {
    cwd: root,
    env: { ...process.env, SESAME_RECORD: folder.path },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: suiteMilliseconds,
  })
  const kill = atExit(() => child.kill())
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const [status] = await once(child, 'close')
  kill()
  if (status !== 0) throw new Error(`The tests did not pass:\n${said.split('\n').slice(-linesShown).join('\n')}`)
  const entries = readdirSync(folder.path).flatMap((name) => linesOf(join(folder.path, name)))
  folder.remove()
  return {
    exchanges: entries.filter(({ request }) => request !== undefined).map(withBytes),
    raw: entries.filter(({ request }) => request === undefined).map(({ test }) => test),
  }
}

const linesOf = (file) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const withBytes = ({ test, request, answer }) => ({
  test,
  request: { ...request, body: bytesOf(request.body) },
  answer: { ...answer, body: bytesOf(answer.body) },
})

const bytesOf = (base64 = '') => Buffer.from(base64, 'base64')
