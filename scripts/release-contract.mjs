// Writes openapi.yaml down as the released contract of its version, in contract/released. From then on any change that
// a client can notice needs a higher version. `--again` replaces the last one, for a version that nobody has yet.
// Another folder than the project's may be named.
import { fileURLToPath } from 'node:url'
import { judge } from './contract-changes/judge.mjs'
import { readProject } from './contract-changes/project.mjs'
import { writeRelease } from './contract-changes/releases.mjs'

const words = process.argv.slice(2)
const isAgain = words.includes('--again')
const root = words.find((word) => word !== '--again') ?? fileURLToPath(new URL('..', import.meta.url))

const project = readProject(root)
const { version } = judge(project)
const earlier = project.releases.filter((release) => release.version !== version)
const isReleased = earlier.length < project.releases.length

const { problems } = judge({ ...project, releases: earlier })
if (isReleased && !isAgain)
  problems.push(`${version} is released: raise the version, or say --again if nobody has that release yet.`)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log(`Written: ${writeRelease(root, version, project.contract)}`)
