// Runs the proofs: what is too long or too heavy for the tests. All of them, or one by its name; further words go
// to that proof. Prints Markdown for docs/proof.md; the exit status is 1 if any failed.
import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { buildIfStale } from './build.mjs'

const names = [
  'gate',
  'start-up',
  'client',
  'generators',
  'importers',
  'oauth',
  'prism',
  'verify',
  'log-in-timing',
  'log-in-storm',
  'session-races',
  'session-sweep',
  'sqlite',
  'postgres',
  'moving',
  'mutants',
  'node-versions',
]

const [name, ...words] = process.argv.slice(2)
if (name !== undefined && !names.includes(name)) {
  console.error(`usage: npm run proof [-- NAME], where NAME is one of: ${names.join(', ')}`)
  process.exit(1)
}

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? ''

const describeRun = () => {
  const isClean = git('status', '--porcelain', '--untracked-files=no') === ''
  const commit = `${git('rev-parse', '--short', 'HEAD')}${isClean ? '' : ' with changes'}`
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${process.platform} ${process.arch}`
  return `Commit ${commit}, Node ${process.versions.node}, ${machine}, ${new Date().toISOString().slice(0, 10)}:`
}

/** A proof yields a list of `{ passed, text, table? }`, a table being a list of rows, each an object of strings by
 * the same keys. One that throws has failed. */
const run = async (proof) => {
  try {
    const { prove } = await import(`./proof/${proof}.mjs`)
    return await prove(words)
  } catch (error) {
    return [{ passed: false, text: error.stack }]
  }
}

const markdownTable = (rows) => {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells) => `  | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [columns, columns.map(() => '---'), ...rows.map((row) => columns.map((column) => row[column]))]
    .map(line)
    .join('\n')
}

await buildIfStale()
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
