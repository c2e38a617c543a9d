// What this project asks of its contract beyond the rules of others.
import { readFileSync } from 'node:fs'
import yaml from 'js-yaml'

const document = yaml.load(readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8'))
const problems = []

for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    const where = `${method.toUpperCase()} ${path}`
    const refuse = (rule) => problems.push(`${where}: ${rule}`)
    if (!Array.isArray(operation.security)) {
      refuse('state the security of the operation, [] for none (importers apply a global one to every operation)')
      continue
    }
    const asksForScopes = operation.security.some((requirement) => Object.values(requirement).flat().length > 0)
    if (asksForScopes && operation.security.some((requirement) => 'bearer' in requirement)) {
      refuse('plain bearer beside a list of scopes would be a way around them: entries are alternatives')
    }
    if (operation.security.length > 0 && !('oauth2' in operation.security[0]))
      refuse('name oauth2 first, as Postman takes the first entry')
    if (operation.requestBody && !(operation['x-body-limit'] > 0)) refuse('state x-body-limit, in bytes')
    const bodies = Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema.$ref)
    if (new Set(bodies).size > 1 || bodies.includes(undefined)) {
      refuse('give all media types of a body one $ref: only one of several schemas would be validated')
    }
  }
}

for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)
