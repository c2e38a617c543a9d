// Writes src/contract/generated.ts from openapi.yaml: the types of openapi-typescript, and which operations
// ask for a token. `--check` writes nothing and fails when the file is not current.
import { readFileSync, writeFileSync } from 'node:fs'
import yaml from 'js-yaml'
import openapiTypescript, { astToString } from 'openapi-typescript'

const source = new URL('../openapi.yaml', import.meta.url)
const target = new URL('../src/contract/generated.ts', import.meta.url)

const document = yaml.load(readFileSync(source, 'utf8'))
const secured = Object.values(document.paths)
  .flatMap((item) => Object.values(item))
  .filter((operation) => operation.security?.length > 0)
  .map((operation) => operation.operationId)
  .sort()

const text = `// Generated from openapi.yaml by \`npm run generate\`. Do not edit.

${astToString(await openapiTypescript(source)).trim()}

/** The operations whose security asks for a token. */
export type SecuredOperationId = ${secured.map((id) => `'${id}'`).join(' | ') || 'never'}
`

if (process.argv.includes('--check')) {
  const current = readFileSync(target, 'utf8').replaceAll('\r\n', '\n')
  if (current !== text) {
    console.error('src/contract/generated.ts is stale: run `npm run generate`.')
    process.exit(1)
  }
} else {
  writeFileSync(target, text)
}
