// Compiles src to dist. Run as a program, it also checks the types and creates the client package in dist/client.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { modified } from './build/modified.mjs'
import { isInstalled, requirePackages } from './build/packages.mjs'
import { replaceFolder } from './build/replace-folder.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const stamp = join(dist, '.built')

// The list includes folders, because removing a file changes the time of its folder.
const sources = () => [
  join(root, 'openapi.yaml'),
  join(root, 'tsconfig.json'),
  ...readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name)),
]

const isStale = () => sources().some((path) => modified(path) > modified(stamp))

/** Compiles the service, and with `isWhole` the client, into a new folder. Then it replaces dist by that folder.
 * @returns false after errors, which it prints */
const build = async ({ isWhole }) => {
  // The type check may generate sources, so it precedes the stamp.
  if (isWhole && !(await passesTypeCheck())) return false
  const fresh = `${dist}.${process.pid}`
  // A killed build may have left this folder, because process ids repeat in containers.
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh)
  try {
    // The stamp comes first. A source that changes during the build is then newer.
    writeFileSync(join(fresh, '.built'), '')
    const isBuilt = await compileInto(fresh, isWhole)
    if (isBuilt) replaceFolder(fresh, dist)
    return isBuilt
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

const passesTypeCheck = async () => (await import('./build/types.mjs')).startTypeCheck(root).passed

const compileInto = async (fresh, isWhole) => {
  // Installations that only run the service lack esbuild.
  const { compile } = await import('./build/compile.mjs')
  if (!(await compile({ source: join(root, 'src'), target: fresh }))) return false
  if (!isWhole) return true
  const { buildClient } = await import('./build/client.mjs')
  return buildClient(root, join(fresh, 'client'))
}

/** Compiles the service if a source is newer than dist. On an error, prints it and ends the process. */
export const buildIfStale = async () => {
  requirePackages('koa')
  if (!isStale()) return
  if (isInstalled('esbuild')) {
    console.error('Building…')
    if (!(await build({ isWhole: false }))) fail('The build failed. Its errors are printed above.')
    return
  }
  const remedy = 'run `npm ci` and `npm run build`, then `npm prune --omit=dev` if you like'
  if (!existsSync(dist)) fail(`There is no build, and the development packages that create one are missing: ${remedy}.`)
  console.error(`warning: The sources are newer than the build that runs now. To build again, ${remedy}.`)
}

const fail = (message) => {
  console.error(`error: ${message}`)
  process.exit(1)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  requirePackages('esbuild', 'typescript')
  process.exit((await build({ isWhole: true })) ? 0 : 1)
}
