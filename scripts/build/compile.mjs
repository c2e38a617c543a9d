import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Compiles the files of the service one by one, without checking types and without the client.
 * @param source the folder src
 * @param target the folder for the compiled files
 * @returns false after errors, which it prints */
export const compile = async ({ source, target }) => {
  try {
    await build({
      entryPoints: filesOfService(source),
      outbase: source,
      outdir: target,
      bundle: true,
      packages: 'external',
      plugins: [oneFileEach],
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
    })
    return true
  } catch (error) {
    // esbuild has printed its own errors.
    if (!error.errors) console.error(`error: ${error.message}`)
    return false
  }
}

const filesOfService = (source) =>
  readdirSync(source, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !/^client[\\/]/.test(name))
    .map((name) => join(source, name))

/** Keeps the imports between our files, and replaces only the extension. */
const oneFileEach = {
  name: 'one file each',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point') return undefined
      if (!existsSync(join(resolveDir, path))) return { errors: [{ text: `The file ${path} does not exist` }] }
      return { path: path.replace(/\.ts$/, '.js'), external: true }
    }),
}
