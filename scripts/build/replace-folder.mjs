import { existsSync, renameSync, rmSync } from 'node:fs'

const attempts = 20

/** Replaces a folder by another one. For an instant there is no folder, but readers never find an incomplete one. If two
 * processes do this at once, the later one wins. */
export const replaceFolder = (fresh, target) => {
  const old = `${fresh}.old`
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (existsSync(target)) renameSync(target, old)
      renameSync(fresh, target)
      break
    } catch (error) {
      // Another process has moved a folder there or away meanwhile.
      if (attempt === attempts) throw error
    }
    rmSync(old, { recursive: true, force: true })
  }
  rmSync(old, { recursive: true, force: true })
}
