import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atEnd } from './at-end.ts'

const lockHolder = fileURLToPath(new URL('lock-holder.mjs', import.meta.url))

/** Another process that holds the lock of a file of SQLite until it is told to let go.
 * @returns how to tell it, which resolves to the time when it did */
export const holdLock = async (file: string): Promise<() => Promise<number>> => {
  const child = fork(lockHolder, [file], { execArgv: [] })
  atEnd(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return async () => {
    const released = once(child, 'message')
    child.send('release')
    const [time] = await released
    child.kill('SIGKILL')
    return time as number
  }
}
