// Sesame with a contract of 100 more operations, half of them on templated paths, composed as src/commands/serve.ts
// does it. They have no handlers and are never called: what counts is that they are there to be searched.
import { systemClock } from '../../dist/clock.js'
import { loadConfig } from '../../dist/config.js'
import { readContract } from '../../dist/contract/document.js'
import { openServer } from '../../dist/http/server.js'
import { openLog } from '../../dist/log.js'
import { createService } from '../../dist/service.js'
import { openMemoryStores } from '../../dist/stores/stores.js'

const widen = (document) => {
  const { get } = document.paths['/protected']
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
  const added = Array.from({ length: 50 }, (_, i) => [
    [`/things${i}`, { get: { ...get, operationId: `listThings${i}` } }],
    [`/things${i}/{id}`, { parameters, get: { ...get, operationId: `readThing${i}` } }],
  ])
  return { ...document, paths: { ...Object.fromEntries(added.flat()), ...document.paths } }
}

const { config } = loadConfig(process.env)
const server = await openServer(config)
const { logger } = await openLog({ level: config.logLevel, isTTY: false, fd: 1 })
const service = await createService({
  config,
  document: widen(readContract()),
  stores: openMemoryStores(config.sessionLifetimes, systemClock),
  clock: systemClock,
  log: logger,
  port: server.port,
})
server.serve(service.handler)
console.error(`service http://localhost:${server.port}`)
