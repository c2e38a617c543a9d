// Sesame with 100 more operations in its contract, half of them on templated paths. No request calls them, but the
// router searches them.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import yaml from 'js-yaml'
import { emptyFolder, root } from '../../../test/support/process.ts'

/** Copies the build, with a contract of more operations.
 * @returns the path of the copied main.js */
export const copyWider = () => {
  // This folder is inside the project, so that imports find the packages. Git and the tools ignore it.
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
