// Serves, and on each change of a source or of the contract builds anew and starts again. A build that does not come to
// serve gives way to the last one that did. Type errors are printed and stop nothing.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requirePackages } from './build/packages.mjs'

requirePackages('koa', 'chokidar', 'esbuild', 'typescript', 'openapi-typescript')
const { buildVersion } = await import('./dev/version.mjs')
const { watchSources } = await import('./dev/watch.mjs')
const { startServer } = await import('./dev/server.mjs')
const { startTypeCheck } = await import('./build/types.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const versions = join(root, 'node_modules', '.cache', 'sesame', `dev-${process.pid}`)

let server
/** The folder of the last build that came to serve. */
let served
let typeCheck

/** Serves what a folder has.
 * @returns whether it came to serve */
const serve = async (folder) => {
  await server?.stop()
  server = startServer(join(folder, 'dist', 'main.js'), root)
  return server.serves
}

const serveNewest = async (number) => {
  const folder = join(versions, String(number))
  typeCheck?.cancel()
  if (!(await buildVersion(root, folder))) return
  if (await serve(folder)) {
    if (served) rmSync(served, { recursive: true, force: true })
    served = folder
    typeCheck = startTypeCheck(root)
  } else if (served) {
    console.error('This build does not serve. The last one that did goes on.')
    await serve(served)
  } else {
    console.error('This build does not serve. The next change starts another one.')
  }
}

const stop = async () => {
  typeCheck?.cancel()
  await server?.stop()
  rmSync(versions, { recursive: true, force: true })
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)

console.error('Building…')
const changes = await watchSources(root)
for (let number = 1; ; number += 1) {
  await serveNewest(number)
  console.error(`\n${await changes.next()} has changed. Building…`)
}
