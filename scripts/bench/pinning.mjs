// Keeps the servers and the load generator on different cores, by `taskset` of Linux. Elsewhere, and on one core, the
// system decides.
import { spawnSync } from 'node:child_process'

const taskset = (...args) => {
  const { status, stdout } = spawnSync('taskset', args, { encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** Moves this process to all its cores but the last. What it starts from now on inherits them.
 * @returns the cores of both sides; undefined where nothing is pinned */
export const pinServers = () => {
  const cores = coresOf(taskset('-cp', String(process.pid)))
  const generator = cores.at(-1)
  const servers = cores.slice(0, -1)
  if (servers.length === 0 || !moveTo(servers)) return undefined
  return { servers, generator }
}

/** Runs `start` while this process may use `count` cores, also the load generator's where there are too few. */
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

/** Reads a list such as `0-2,5`, which stands behind the last colon. */
const coresOf = (text) => {
  const list = text?.slice(text.lastIndexOf(':') + 1).trim()
  if (!list) return []
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}
