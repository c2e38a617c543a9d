// Compares the contract with the last released one, and fails when its version does not say what has changed. Another
// folder than the project's may be named.
import { fileURLToPath } from 'node:url'
import { judge } from './contract-changes/judge.mjs'
import { readProject } from './contract-changes/project.mjs'
import { reportChanges } from './contract-changes/report.mjs'

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const { version, last, changes, problems } = judge(readProject(root))

for (const line of reportChanges(changes)) console.log(line)
for (const problem of problems) console.error(problem)
if (problems.length === 0)
  console.log(`Version ${version} may follow ${last ?? 'nothing: no contract was released yet'}.`)
process.exit(problems.length === 0 ? 0 : 1)
