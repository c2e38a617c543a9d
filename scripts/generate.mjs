// Adds the common headers to the responses of openapi.yaml, and generates the types in src/contract and the collections
// from it. Also generates the documentation of the settings. `--check` writes nothing, and fails if a file is out of
// date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import yaml from 'js-yaml'
import { toCollections } from './generate/collections.mjs'
import { withCommonHeaders } from './generate/common-headers.mjs'
import { toSettings } from './generate/settings.mjs'
import { toTypes } from './generate/types.mjs'

const locate = (file) => new URL(`../${file}`, import.meta.url)
// A checkout may have CRLF line endings.
const withLf = (text) => text.replaceAll('\r\n', '\n')

const isCheck = process.argv.includes('--check')
const source = readFileSync(locate('openapi.yaml'), 'utf8')
const contract = withCommonHeaders(source)
// The contract is written first, because a developer may save it while the rest is generated. An unchanged contract is
// not written, because an editor may have it open.
if (!isCheck && contract !== source) writeFileSync(locate('openapi.yaml'), contract)
const document = yaml.load(withLf(contract))
const generated = {
  'src/contract/generated.ts': await toTypes(document),
  ...(await toCollections(document)),
  ...(await toSettings()),
}

const isCurrent = ([file, text]) => existsSync(locate(file)) && withLf(readFileSync(locate(file), 'utf8')) === text
const stale = [
  ...(contract === source ? [] : ['openapi.yaml']),
  ...Object.entries(generated)
    .filter((entry) => !isCurrent(entry))
    .map(([file]) => file),
]

if (isCheck) {
  for (const file of stale) console.error(`${file} is out of date: run \`npm run generate\`.`)
  process.exit(stale.length === 0 ? 0 : 1)
}
for (const [file, text] of Object.entries(generated)) writeFileSync(locate(file), text)
