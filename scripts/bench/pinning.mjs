// Keeps the servers and the load generator on different cores with `taskset`. On other systems than Linux, and on one
// core, the system chooses the cores.
import { spawnSync } from 'node:child_process'

const taskset = (...args) => {
  const { status, stdout } = spawnSync('taskset', args, { encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** Moves this process to all its cores except the last one. Processes that it starts later inherit them.
 * @returns the cores of the servers and the core of the generator; undefined if nothing is pinned */
export const pinServers = () => {
  const cores = coresOf(taskset('-cp', String(process.pid)))
  const generator = cores.at(-1)
  const servers = cores.slice(0, -1)
  if (servers.length === 0 || !moveTo(servers)) return undefined
  return { servers, generator }
}

/** Runs `start` while this process may use `count` cores. If there are too few, they include that of the load
 * generator. */
export const withCores = async (pinning, count, start) => {
  if (!pinning || pinning.servers.length >= count) return start()
  moveTo([...pinning.servers, pinning.generator])
  try {
    return await start()
  } finally {
    moveTo(pinning.servers)
  }
}

const moveTo = (cores) => taskset('-a', '-c', '-p', cores.join(','), String(process.pid)) !== undefined

/** Reads a list such as `0-2,5` after the last colon. */
const coresOf = (text) => {
  const list = text?.slice(text.lastIndexOf(':') + 1).trim()
  if (!list) return []
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}
