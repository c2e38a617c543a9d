// Lints openapi.yaml by the rules of this project.
import { readFileSync } from 'node:fs'
import yaml from 'js-yaml'
import { contractProblems } from './lint-contract/problems.mjs'
import { yamlProblems } from './lint-contract/yaml-problems.mjs'

const text = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')
const problems = [...yamlProblems(text), ...contractProblems(yaml.load(text))]

for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)
