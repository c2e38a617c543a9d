// Runs all proofs, or the one that the first word names. Proofs take too long or need too much for the tests. Further
// words go to the proof; a number that is not the value of an option is the seed of its random numbers. The output is
// Markdown for docs/proof.md. The exit status is 1 if any proof has failed.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { availableParallelism, cpus } from 'node:os'
import { undoAll } from '../support/at-end.ts'
import { names } from './names.ts'
import type { Prove, Result } from './proof.ts'

const [name, ...given] = process.argv.slice(2)
if (name !== undefined && !names.includes(name)) {
  console.error(`usage: npm run proof [-- NAME], where NAME is one of: ${names.join(', ')}`)
  process.exit(2)
}

const seedAt = given.findIndex((word, i) => /^\d+$/.test(word) && !given[i - 1]?.startsWith('-'))
const seed = Number(given[seedAt] ?? randomInt(2 ** 31))
const words = given.filter((_, i) => i !== seedAt)

const git = (...args: readonly string[]): string => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim()

const describeRun = (): string => {
  const isClean = git('status', '--porcelain', '--untracked-files=no') === ''
  const commit = `${git('rev-parse', '--short', 'HEAD')}${isClean ? '' : ' with changes'}`
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${process.platform} ${process.arch}`
  const date = new Date().toISOString().slice(0, 10)
  return `Commit ${commit}, Node ${process.versions.node}, ${machine}, ${date}, seed ${seed}:`
}

const proveOne = async (proof: string): Promise<readonly Result[]> => {
  const { prove } = (await import(`./${proof}.ts`)) as { readonly prove: Prove }
  return prove({ words, seed })
}

const failure = (error: unknown): readonly Result[] => [
  { passed: false, text: (error as Error).stack ?? String(error) },
]

/** Runs a proof, and then ends what it has left behind: a proof that throws leaves its servers running. */
const run = async (proof: string): Promise<readonly Result[]> => {
  const results = await proveOne(proof).catch(failure)
  const leftovers = await undoAll().then(() => [], failure)
  return [...results, ...leftovers]
}

const markdownTable = (rows: NonNullable<Result['table']>): string => {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells: readonly string[]): string =>
    `  | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [columns, columns.map(() => '---'), ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map(line)
    .join('\n')
}

console.log(`${describeRun()}\n`)
let passed = true
for (const proof of name === undefined ? names : [name]) {
  for (const result of await run(proof)) {
    console.log(`- ${result.passed ? 'PASS' : 'FAIL'} \`${proof}\`: ${result.text}`)
    if (result.table) console.log(`\n${markdownTable(result.table)}\n`)
    passed &&= result.passed
  }
}
process.exit(passed ? 0 : 1)
