// Copies openapi.yaml to contract/released as the contract of its version. After that, any change that a client can
// notice requires a higher version. `--again` replaces the last release, if nobody uses that version yet. An optional
// argument names the folder of the project.
import { fileURLToPath } from 'node:url'
import { runCommand } from './contract-changes/command.mjs'
import { judge } from './contract-changes/judge.mjs'
import { readProject } from './contract-changes/project.mjs'
import { writeRelease } from './contract-changes/releases.mjs'

const args = process.argv.slice(2)
const replacesRelease = args.includes('--again')
const root = args.find((arg) => arg !== '--again') ?? fileURLToPath(new URL('..', import.meta.url))

runCommand(() => {
  const project = readProject(root)
  // Without releases, because this call only reads the version.
  const { version } = judge({ ...project, releases: [] })
  const earlier = project.releases.filter((release) => release.version !== version)
  const isReleased = earlier.length < project.releases.length

  const { problems } = judge({ ...project, releases: earlier })
  if (isReleased && !replacesRelease)
    problems.push(`${version} is already released: raise the version, or add --again if nobody uses that release yet.`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  console.log(`Wrote ${writeRelease(root, version, project.contract)}`)
  return 0
})
