import { existsSync, renameSync, rmSync } from 'node:fs'

const attempts = 20

/** Replaces a folder by another one. The folder is missing for an instant, but never incomplete. If two processes do
 * this at once, the later one wins. */
export const replaceFolder = (fresh, target) => {
  const old = `${fresh}.old`
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (existsSync(target)) renameSync(target, old)
      renameSync(fresh, target)
      break
    } catch (error) {
      // Another process may have moved one of the folders meanwhile.
      if (attempt === attempts) {
        if (existsSync(old) && !existsSync(target)) renameSync(old, target)
        throw error
      }
    }
    if (existsSync(target)) rmSync(old, { recursive: true, force: true })
  }
  rmSync(old, { recursive: true, force: true })
}
