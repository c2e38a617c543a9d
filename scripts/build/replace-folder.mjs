import { existsSync, renameSync, rmSync } from 'node:fs'

const attempts = 20

/** Moves a folder to the place of another one. Whoever reads there finds the old folder, none for an instant, or the new one,
 * but never a part of one. Two processes may do so at once: the later one wins. */
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
