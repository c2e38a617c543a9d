// Builds the service if a source is newer, then runs a command of it in this process.
import { buildIfStale } from './build.mjs'

await buildIfStale()
await import('../dist/main.js')
