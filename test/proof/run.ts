// Runs the proofs: what is too long or too heavy for the tests. All of them, or one by its name; further words go to that
// proof, and a number is the seed of its random numbers. Prints Markdown for docs/proof.md; the exit status is 1 if any
// failed.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { availableParallelism, cpus } from 'node:os'
import { names } from './names.ts'
import type { Prove, Result } from './proof.ts'

const [name, ...words] = process.argv.slice(2)
if (name !== undefined && !names.includes(name)) {
  console.error(`usage: npm run proof [-- NAME], where NAME is one of: ${names.join(', ')}`)
  process.exit(2)
}

const seed = Number(words.find((word) => /^\d+$/.test(word)) ?? randomInt(2 ** 31))

const git = (...args: readonly string[]): string => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim()

const describeRun = (): string => {
  const isClean = git('status', '--porcelain', '--untracked-files=no') === ''
  const commit = `${git('rev-parse', '--short', 'HEAD')}${isClean ? '' : ' with changes'}`
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${process.platform} ${process.arch}`
  const date = new Date().toISOString().slice(0, 10)
  return `Commit ${commit}, Node ${process.versions.node}, ${machine}, ${date}, seed ${seed}:`
}

const run = async (proof: string): Promise<readonly Result[]> => {
  try {
    const { prove } = (await import(`./${proof}.ts`)) as { readonly prove: Prove }
    return await prove({ words: words.filter((word) => word !== String(seed)), seed })
  } catch (error) {
    return [{ passed: false, text: (error as Error).stack ?? String(error) }]
  }
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
