// Builds if a source is newer than the build, then runs a command of the service, in this same process.
import { buildIfStale } from './build.mjs'

await buildIfStale()
await import('../dist/main.js')
