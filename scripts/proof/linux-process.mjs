// What Linux tells of another process.
import { openSync, readdirSync, readFileSync, readSync } from 'node:fs'

export const isLinux = process.platform === 'linux'

const memory = (pid, name) => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)[1]) / 1024
}

/** The resident memory now, in MiB. */
export const residentMib = (pid) => memory(pid, 'VmRSS')

/** The most resident memory that the process ever had, in MiB: the kernel's own record, which misses no peak as
 * samples would. */
export const mostResidentMib = (pid) => memory(pid, 'VmHWM')

/** For how long, in milliseconds, all threads but the main one have been runnable, together: on a core, or waiting
 * for one. */
export const runnableMilliseconds = (pid) => {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    if (thread === String(pid)) continue
    const [running, waiting] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(running) + Number(waiting)
  }
  return nanoseconds / 1e6
}

/** A clock of the main thread of this process that goes only while it is on a core, in milliseconds, as exact as the
 * kernel's tick (4 ms at most). What else runs on the machine does not count. */
export const openOwnClock = () => {
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
  const bytes = Buffer.alloc(64)
  return () => Number(bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0)).split(' ')[0]) / 1e6
}
