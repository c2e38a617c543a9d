// Writes openapi.yaml down as the released contract of its version, in contract/released. From then on any change that
// a client can notice needs a higher version. `--again` replaces the last one, for a version that nobody has yet.
// Another folder than the project's may be named.
import { fileURLToPath } from 'node:url'
import { runCommand } from './contract-changes/command.mjs'
import { judge } from './contract-changes/judge.mjs'
import { readProject } from './contract-changes/project.mjs'
import { writeRelease } from './contract-changes/releases.mjs'

const words = process.argv.slice(2)
const isAgain = words.includes('--again')
const root = words.find((word) => word !== '--again') ?? fileURLToPath(new URL('..', import.meta.url))

runCommand(() => {
  const project = readProject(root)
  // Compared with none, for its version alone: the last one may be what is to be replaced.
  const { version } = judge({ ...project, releases: [] })
  const earlier = project.releases.filter((release) => release.version !== version)
  const isReleased = earlier.length < project.releases.length

  const { problems } = judge({ ...project, releases: earlier })
  if (isReleased && !isAgain)
    problems.push(`${version} is released: raise the version, or say --again if nobody has that release yet.`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  console.log(`Written: ${writeRelease(root, version, project.contract)}`)
  return 0
})
