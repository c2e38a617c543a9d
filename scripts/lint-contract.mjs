// Lints openapi.yaml by the rules of this project.
import { readFileSync } from 'node:fs'
import yaml from 'js-yaml'
import { contractProblems } from './lint-contract/problems.mjs'

const problems = contractProblems(yaml.load(readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')))

for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)
