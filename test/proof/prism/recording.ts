// Runs the test suite, and records every request with its response.
import type { Exchange } from './exchange.ts'
import { emptyFolder, root, runProgram } from '../../support/process.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const suiteMilliseconds = 600_000
const linesShown = 60

/** Runs the suite, or the tests that the words select.
 * @returns `exchanges`, and `raw`, the names of the tests that write their own bytes to a socket
 * @throws where a test fails */
export const recordSuite = async (words: readonly string[]) => {
  const folder = emptyFolder()
  const { status, stdout, stderr } = await runProgram(process.execPath, [join(root, 'scripts', 'test.mjs'), ...words], {
    cwd: root,
    env: { ...process.env, SESAME_RECORD: folder },
    timeout: suiteMilliseconds,
  })
  const said = stdout + stderr
  if (status !== 0) throw new Error(`The tests did not pass:\n${said.split('\n').slice(-linesShown).join('\n')}`)
  const entries = readdirSync(folder).flatMap((name) => linesOf(join(folder, name)))
  return {
    exchanges: entries.filter(({ request }) => request !== undefined).map(withBytes),
    raw: entries.filter(({ request }) => request === undefined).map(({ test }): string => test),
  }
}

const linesOf = (file: string): any[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const withBytes = ({ test, request, answer }: any): Exchange => ({
  test,
  request: { ...request, body: bytesOf(request.body) },
  answer: { ...answer, body: bytesOf(answer.body) },
})

const bytesOf = (base64 = '') => Buffer.from(base64, 'base64')
