// Compares the contract with the last released one. It fails unless the version has been raised as the changes require.
// An optional argument names the folder of the project.
import { fileURLToPath } from 'node:url'
import { runCommand } from './contract-changes/command.mjs'
import { judge } from './contract-changes/judge.mjs'
import { readProject } from './contract-changes/project.mjs'
import { reportChanges } from './contract-changes/report.mjs'

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))

runCommand(() => {
  const { version, last, changes, problems } = judge(readProject(root))
  for (const line of reportChanges(changes)) console.log(line)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  console.log(`Version ${version} may follow ${last ?? 'no release: no contract has been released yet'}.`)
  return 0
})
