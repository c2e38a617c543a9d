// Writes the folder artefacts/ from openapi.yaml: collections and environments for Postman and Thunder Client.
// `--check` writes nothing and fails when a file is not current.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import yaml from 'js-yaml'
import { toPostmanCollection, toPostmanEnvironment } from './artefacts/postman.mjs'
import { readRequests } from './artefacts/requests.mjs'
import { toThunderCollection, toThunderEnvironment } from './artefacts/thunder-client.mjs'

// A checkout may have turned the line ends of any file into CRLF.
const readText = (url) => readFileSync(url, 'utf8').replaceAll('\r\n', '\n')

const document = yaml.load(readText(new URL('../openapi.yaml', import.meta.url)))
const contract = readRequests(document)
const name = contract.title.toLowerCase()

// Named as either program names what it exports.
const artefacts = {
  [`${name}.postman_collection.json`]: await toPostmanCollection(document, contract),
  [`${name}.postman_environment.json`]: toPostmanEnvironment(contract),
  [`thunder-collection_${name}.json`]: toThunderCollection(contract),
  [`thunder-environment_${name}.json`]: toThunderEnvironment(contract),
}

const files = Object.entries(artefacts).map(([file, content]) => ({
  url: new URL(`../artefacts/${file}`, import.meta.url),
  text: `${JSON.stringify(content, undefined, 2)}\n`,
}))

if (process.argv.includes('--check')) {
  const stale = files.filter(({ url, text }) => !existsSync(url) || readText(url) !== text)
  for (const { url } of stale) {
    console.error(`artefacts/${basename(url.pathname)} is stale: run \`npm run artefacts\`.`)
  }
  process.exit(stale.length === 0 ? 0 : 1)
}
for (const { url, text } of files) writeFileSync(url, text)
