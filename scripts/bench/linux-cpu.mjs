// Reads the CPU time of another process and its children on Linux.
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** The process and all its descendants. */
export const processTree = (pid) => {
  const parents = new Map()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const [, parent] = statOf(`/proc/${entry}`) ?? []
    parents.set(Number(entry), Number(parent))
  }
  const tree = [pid]
  for (const each of tree) for (const [child, parent] of parents) if (parent === each) tree.push(child)
  return tree
}

/** The CPU time that these processes have used, all threads, in microseconds. */
export const cpuMicrosecondsOf = (pids) => pids.reduce((sum, pid) => sum + microsecondsOf(pid), 0)

/** The scheduler counts nanoseconds per thread. Kernels without that statistic count ticks of 10 ms. */
const microsecondsOf = (pid) => {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + nanosecondsOf(`/proc/${pid}/task/${thread}`), 0) / 1000
  } catch {
    const stat = statOf(`/proc/${pid}`)
    if (!stat) throw new Error(`Process ${pid} has ended`)
    return ((Number(stat[11]) + Number(stat[12])) * 1e6) / ticksPerSecond
  }
}

const nanosecondsOf = (folder) => Number(readFileSync(`${folder}/schedstat`, 'latin1').split(' ')[0])

/** The fields from the third one on, which is the state. Undefined if the process has ended. */
const statOf = (folder) => {
  try {
    const stat = readFileSync(`${folder}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
