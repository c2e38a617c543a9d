import { accessSync, closeSync, constants, existsSync, openSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Libsql from 'libsql'

/** Makes the file where there is none, for nobody else to read: hashes of passwords stand in it. What SQLite puts beside it
 * gets the same mode.
 * @returns its own path, without links, by which all processes know it
 * @throws when its folder does not exist, or it cannot be written */
export const prepareFile = (path: string): string => {
  const file = resolve(path)
  if (!existsSync(dirname(file))) throw new Error(`the folder ${dirname(file)} does not exist`)
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  if (statSync(file).isDirectory()) throw new Error(`${file} is a folder`)
  // SQLite would say only that it cannot open it, or would find out at the first write.
  for (const place of [file, dirname(realpathSync(file))]) accessSync(place, constants.R_OK | constants.W_OK)
  return realpathSync(file)
}

/** Claims a file for the one server that it may have, until released or until this process ends, however it does.
 * @returns how to release it; undefined when another server has it */
export const claimFile = (path: string): (() => void) | undefined => {
  // A lock of SQLite's own is the same on all systems, and never outlives its process. It is on a file of its own, so that
  // the command line can work beside the server.
  const lock = new Libsql(prepareFile(`${prepareFile(path)}-server`))
  try {
    lock.exec('pragma busy_timeout = 0')
    // There is nothing to undo: no journal beside the file.
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

/** Remembers which file has this path now.
 * @returns whether it is still there, and not another one in its place: what is written to it would be lost */
export const rememberFile = (path: string): (() => boolean) => {
  const { dev, ino } = statSync(path)
  return () => {
    const now = statSync(path, { throwIfNoEntry: false })
    return now?.dev === dev && now.ino === ino
  }
}

/** The code of an error of SQLite's, such as SQLITE_FULL. */
export const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code)

/** Whether another connection stood in the way. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
