// What Linux tells of another process.
import { readdirSync, readFileSync } from 'node:fs'

export const isLinux = process.platform === 'linux'

const memory = (pid: number, name: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024
}

/** The resident memory now, in MiB. */
export const residentMib = (pid: number): number => memory(pid, 'VmRSS')

/** The most resident memory that the process ever had, in MiB: the kernel's own record, which misses no peak as
 * samples would. */
export const mostResidentMib = (pid: number): number => memory(pid, 'VmHWM')

/** For how long, in milliseconds, all threads but the main one have been runnable, together: on a core, or waiting
 * for one. */
export const runnableMilliseconds = (pid: number): number => {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    if (thread === String(pid)) continue
    const [running, waiting] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(running) + Number(waiting)
  }
  return nanoseconds / 1e6
}
