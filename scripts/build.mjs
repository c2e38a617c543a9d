// Compiles src to dist, the client in two formats. `buildIfStale` does so only when a source is newer than the last build.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const main = join(root, 'dist', 'main.js')
// Written last, so that an interrupted build counts as none.
const stamp = join(root, 'dist', '.built')
const contract = join(root, 'openapi.yaml')
const generated = join(root, 'src', 'contract', 'generated.ts')

const projects = ['.', 'src/client', 'src/client/tsconfig.commonjs.json']

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

const sources = () => [
  contract,
  join(root, 'tsconfig.json'),
  ...readdirSync(join(root, 'src'), { recursive: true })
    .filter((name) => name.endsWith('.ts') || name.endsWith('.json'))
    .map((name) => join(root, 'src', name)),
]

const isStale = () => sources().some((path) => modified(path) > modified(stamp))

const resolves = (name) => {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch {
    return undefined
  }
}

const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0

/** Compiles; false when there were errors, which stand on the terminal. */
export const build = () => {
  if (modified(contract) > modified(generated) && !run(join(root, 'scripts', 'generate.mjs'))) return false
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const tsc = resolves('typescript/bin/tsc')
  if (!projects.every((project) => run(tsc, '-p', project))) return false
  // All else in dist is ESM, as the package says.
  writeFileSync(join(root, 'dist', 'commonjs', 'package.json'), '{ "type": "commonjs" }\n')
  writeFileSync(stamp, '')
  return true
}

/** Compiles if need be. Ends the process with a line that says what to do where that cannot be. */
export const buildIfStale = () => {
  if (!resolves('koa')) fail('The packages are not installed: run `npm ci` first.')
  if (!isStale()) return
  if (resolves('typescript') && resolves('openapi-typescript')) {
    if (!build()) fail('The build has failed; the errors stand above.')
    return
  }
  const remedy = 'run `npm ci` and `npm run build`, then `npm prune --omit=dev` if you like'
  if (!existsSync(main))
    fail(`There is no build, and the development packages that make one are not installed: ${remedy}.`)
  console.error(`warning: The sources are newer than the build, which is run as it is. To renew it, ${remedy}.`)
}

const fail = (line) => {
  console.error(`error: ${line}`)
  process.exit(1)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!resolves('typescript')) fail('The development packages are not installed: run `npm ci`.')
  process.exit(build() ? 0 : 1)
}
