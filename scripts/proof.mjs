// Builds the service if a source is newer, then runs test/proof/run.ts. Node 20 needs tsx to run TypeScript.
import { register } from 'tsx/esm/api'
import { buildIfStale } from './build.mjs'

await buildIfStale()
register()
await import('../test/proof/run.ts')
