import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Builds the package of the client: one module for `import`, one for `require`, and types for both. Each module
 * contains openapi-fetch, so the package has no dependencies.
 * @returns false after type errors, which it prints */
export const buildClient = async (root, target) => {
  for (const format of ['esm', 'cjs']) await bundle(root, join(target, format, 'index.js'), format)
  if (!writeTypes(root, join(target, 'esm', 'types'))) return false
  cpSync(join(target, 'esm', 'types'), join(target, 'cjs', 'types'), { recursive: true })
  writeJson(join(target, 'cjs', 'package.json'), { type: 'commonjs' })
  writeJson(join(target, 'package.json'), describe(readJson(join(root, 'package.json'))))
  cpSync(join(root, 'src', 'client', 'README.md'), join(target, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'))
  cpSync(join(root, 'node_modules', 'openapi-fetch', 'LICENSE'), join(target, 'LICENSE-openapi-fetch'))
  return true
}

const bundle = (root, outfile, format) =>
  build({
    entryPoints: [join(root, 'src', 'client', 'index.ts')],
    outfile,
    format,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
  })

const writeTypes = (root, outDir) => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const args = [tsc, '-p', join(root, 'src', 'client'), '--emitDeclarationOnly', '--outDir', outDir]
  if (spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0) return false
  // No public type needs this file, and it imports types of openapi-fetch.
  rmSync(join(outDir, 'client', 'api.d.ts'))
  return true
}

const describe = ({ version, license }) => ({
  name: '@sesame-auth/client',
  version,
  description: 'A client of Sesame, typed by its contract, for Node and browsers',
  license,
  type: 'module',
  sideEffects: false,
  exports: { '.': { import: entry('esm'), require: entry('cjs') } },
  engines: { node: '>=20.19' },
})

const entry = (format) => ({ types: `./${format}/types/client/index.d.ts`, default: `./${format}/index.js` })

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`)
