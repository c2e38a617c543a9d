// A twin: the build with one thing broken. A proof that the twin passes too proves nothing.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from './at-exit.mjs'
import { root } from './server.mjs'

/** Copies the build and replaces `original` by `replacement` in one of its files.
 * @param file under dist
 * @param original must occur exactly once, so that a twin never is the original itself
 * @returns the twin's main.js, and how to remove the twin */
export const makeTwin = (file, original, replacement) => {
  // Below the project, so that the packages are found; in a place that git and the tools pass over.
  const { path, remove } = createTemporaryFolder(join(root, 'node_modules', '.cache'))
  for (const part of ['dist', 'openapi.yaml', 'package.json']) {
    cpSync(join(root, part), join(path, part), { recursive: true })
  }
  const target = join(path, 'dist', file)
  const parts = readFileSync(target, 'utf8').split(original)
  if (parts.length !== 2) throw new Error(`No twin: dist/${file} has not exactly one \`${original}\``)
  writeFileSync(target, parts.join(replacement))
  return { script: join(path, 'dist', 'main.js'), remove }
}
