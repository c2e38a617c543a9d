import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atEnd } from './at-end.ts'

const lockHolder = fileURLToPath(new URL('lock-holder.mjs', import.meta.url))

/** Starts another process, which takes the lock of an SQLite file.
 * @returns a function that releases the lock, and resolves to the time of the release in milliseconds since 1970 */
export const holdLock = async (file: string): Promise<() => Promise<number>> => {
  const child = fork(lockHolder, [file], { execArgv: [] })
  const kill = atEnd(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return async () => {
    const released = once(child, 'message')
    child.send('release')
    const [time] = await released
    kill()
    return time as number
  }
}
