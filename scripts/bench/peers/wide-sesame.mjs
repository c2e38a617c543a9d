// Sesame with a contract of 100 more operations, half of them on templated paths. No request calls them: the router
// only has to search among them.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import yaml from 'js-yaml'
import { emptyFolder, root } from '../../../test/support/process.ts'

/** Copies the build beside a wider contract.
 * @returns the copy's main.js */
export const copyWider = () => {
  // Below the project, so that the packages are found; in a place that git and the tools ignore.
  const path = emptyFolder(join(root, 'node_modules', '.cache'))
  for (const part of ['dist', 'package.json']) cpSync(join(root, part), join(path, part), { recursive: true })
  const document = yaml.load(readFileSync(join(root, 'openapi.yaml'), 'utf8'))
  writeFileSync(join(path, 'openapi.yaml'), yaml.dump(widen(document)))
  return join(path, 'dist', 'main.js')
}

const widen = (document) => {
  const { get } = document.paths['/protected']
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
  const added = Array.from({ length: 50 }, (_, i) => [
    [`/things${i}`, { get: { ...get, operationId: `listThings${i}` } }],
    [`/things${i}/{id}`, { parameters, get: { ...get, operationId: `readThing${i}` } }],
  ])
  return { ...document, paths: { ...Object.fromEntries(added.flat()), ...document.paths } }
}
