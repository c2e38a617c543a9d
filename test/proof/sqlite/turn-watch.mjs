// A server loads this module with --import. It measures each call of SQLite and each pause of the event loop. It
// responds to a message with the longest of either since the last message, in milliseconds.
import { createRequire } from 'node:module'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const Libsql = createRequire(import.meta.url)('libsql')
let longestCall = 0

const timed = (prototype, name) => {
  const work = prototype[name]
  prototype[name] = function (...args) {
    const start = performance.now()
    try {
      return work.apply(this, args)
    } finally {
      longestCall = Math.max(longestCall, performance.now() - start)
    }
  }
}

const memory = new Libsql(':memory:')
timed(Libsql.prototype, 'exec')
for (const name of ['all', 'run', 'get']) timed(Object.getPrototypeOf(memory.prepare('select 1')), name)

const resolutionMilliseconds = 1
const histogram = monitorEventLoopDelay({ resolution: resolutionMilliseconds })
histogram.enable()

process.on('message', () => {
  process.send({ call: longestCall, pause: histogram.max / 1e6 - resolutionMilliseconds })
  longestCall = 0
  histogram.reset()
})
process.on('disconnect', () => process.exit())
