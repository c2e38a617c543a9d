import { accessSync, closeSync, constants, existsSync, openSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Libsql from 'libsql'

/** Creates the file if it does not exist. Only its owner can read it, because it contains password hashes. SQLite gives
 * its other files the same mode.
 * @returns the real path, without links, so that all processes use the same one
 * @throws when its folder does not exist, or when the process cannot read and write it */
export const prepareFile = (path: string): string => {
  const file = resolve(path)
  if (!existsSync(dirname(file))) throw new Error(`the folder ${dirname(file)} does not exist`)
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  if (statSync(file).isDirectory()) throw new Error(`${file} is a folder`)
  // SQLite would report such an error without its cause, or only at the first write.
  for (const place of [file, dirname(realpathSync(file))]) accessSync(place, constants.R_OK | constants.W_OK)
  return realpathSync(file)
}

/** Claims a file for this server, until it releases the file or its process ends. A file has at most one server.
 * @returns a function that releases the file; undefined when another server has claimed it */
export const claimFile = (path: string): (() => void) | undefined => {
  // SQLite's lock works on all systems, and the system removes it when the process ends. It locks a separate file, so
  // that commands can use the database meanwhile.
  const lock = new Libsql(prepareFile(`${prepareFile(path)}-server`))
  try {
    lock.exec('pragma busy_timeout = 0')
    // Nothing is written, so no journal is needed.
    lock.exec('pragma journal_mode = off')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return () => {
    lock.exec('rollback')
    lock.close()
  }
}

/** Remembers which file has this path now. Writes would be lost after somebody removed or replaced it.
 * @returns a function that checks whether the path still leads to the same file */
export const rememberFile = (path: string): (() => boolean) => {
  const { dev, ino } = statSync(path)
  return () => {
    const now = statSync(path, { throwIfNoEntry: false })
    return now?.dev === dev && now.ino === ino
  }
}

/** Returns the code of a SQLite error, such as SQLITE_FULL. */
export const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code)

/** Whether another connection holds a lock that this one needs. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
