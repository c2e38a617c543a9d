// Reads what Linux records about another process.
import { readdirSync, readFileSync } from 'node:fs'

const memory = (pid: number, name: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024
}

/** The resident memory now, in MiB. */
export const residentMib = (pid: number): number => memory(pid, 'VmRSS')

/** The largest resident memory that the process ever had, in MiB. The kernel records it, so that no peak is missed
 * between two samples. */
export const mostResidentMib = (pid: number): number => memory(pid, 'VmHWM')

/** The sum of the milliseconds for which each thread was runnable, on a core or waiting for one. The main thread does
 * not count. */
export const runnableMilliseconds = (pid: number): number => {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    if (thread === String(pid)) continue
    const [running, waiting] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(running) + Number(waiting)
  }
  return nanoseconds / 1e6
}
