// Runs the whole test suite on each supported Node version that is newer than 20. Further words go to Jest.
import { root, runProgram } from '../support/process.ts'
import { join } from 'node:path'
import { fetchNode } from './npm.ts'
import type { Prove, Result } from './proof.ts'

const versions = [22, 24, 26]
const suiteMilliseconds = 900_000
const linesShown = 60

export const prove: Prove = async ({ words }) => {
  const results: Result[] = []
  for (const version of versions) results.push(await runSuite(version, words))
  return results
}

const runSuite = async (version: number, words: readonly string[]): Promise<Result> => {
  const binary = fetchNode(version)
  const start = performance.now()
  const { status, stdout, stderr } = await runProgram(binary.path, [join(root, 'scripts', 'test.mjs'), ...words], {
    cwd: root,
    timeout: suiteMilliseconds,
  })
  const said = stderr + stdout
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const counts = /^Tests: +(.*)$/m.exec(said)?.[1] ?? 'no tests were run'
  if (status !== 0) console.error(said.split('\n').slice(-linesShown).join('\n'))
  return { passed: status === 0, text: `Node ${binary.version}: ${counts}, ${seconds} s${describe(words)}` }
}

const describe = (words: readonly string[]): string => (words.length > 0 ? `; only \`${words.join(' ')}\`` : '')
