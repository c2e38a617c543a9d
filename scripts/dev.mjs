// Runs the server, and rebuilds and restarts it whenever a source or the contract changes. If a new build does not
// start, the last working build runs again. Type errors are only printed.
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
/** The folder of the last working build. */
let served
let typeCheck

/** Stops the server, and starts the build in a folder.
 * @returns whether the build serves */
const serve = async (folder) => {
  await server?.stop()
  server = startServer(join(folder, 'dist', 'main.js'), root)
  return server.serves
}

const serveNewest = async (number) => {
  const folder = join(versions, String(number))
  typeCheck?.cancel()
  if (!(await buildVersion(root, folder))) return remove(folder)
  if (await serve(folder)) {
    if (served) remove(served)
    served = folder
    typeCheck = startTypeCheck(root)
  } else if (served) {
    console.error('The new build does not start. The last working build runs again.')
    await serve(served)
    remove(folder)
  } else {
    console.error('The build does not start. The next change builds again.')
  }
}

const remove = (folder) => rmSync(folder, { recursive: true, force: true })

const stop = async () => {
  typeCheck?.cancel()
  await server?.stop()
  remove(versions)
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)

console.error('Building…')
const changes = await watchSources(root)
for (let number = 1; ; number += 1) {
  await serveNewest(number)
  console.error(`\n${await changes.next()} changed. Building…`)
}
