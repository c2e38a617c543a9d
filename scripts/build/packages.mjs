import { createRequire } from 'node:module'

const { resolve } = createRequire(import.meta.url)

/** Whether a package, or a file of one, is installed. */
export const isInstalled = (name) => {
  try {
    return Boolean(resolve(name))
  } catch {
    return false
  }
}

/** Prints an error and ends the process if one of the packages is missing. */
export const requirePackages = (...names) => {
  if (names.every(isInstalled)) return
  console.error('error: The packages are not installed: run `npm ci` first.')
  process.exit(1)
}
