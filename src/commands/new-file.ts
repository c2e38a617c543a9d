import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** Creates a file that only its owner may read. The file appears under its name only when it is complete and on the
 * disk.
 * @param fill writes the content to the file `partial`, which is empty at first. Then the file gets its name.
 * @returns the result of `fill`
 * @throws Error if one of the two files already exists, and any error of `fill` */
export const createFile = async <T>(path: string, fill: (partial: string) => Promise<T>): Promise<T> => {
  if (existsSync(path)) throw alreadyExists(path)
  const partial = `${path}.partial`
  claim(partial)
  try {
    const result = await fill(partial)
    sync(partial)
    giveName(partial, path)
    // Windows cannot sync a folder.
    if (process.platform !== 'win32') sync(dirname(path))
    return result
  } finally {
    rmSync(partial, { force: true })
  }
}

const claim = (partial: string): void => {
  try {
    closeSync(openSync(partial, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`${partial} already exists: if no other command is writing it, remove it`, {
      cause: error,
    })
  }
}

const sync = (path: string): void => {
  // Windows syncs only files that are open for writing.
  const file = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Links the file instead of renaming it, because a link never replaces an existing file. */
const giveName = (partial: string, path: string): void => {
  try {
    linkSync(partial, path)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    // EEXIST: another program has created the file in the meantime.
    if (code === 'EEXIST' || existsSync(path)) throw alreadyExists(path, error)
    // The other codes mean that the file system does not support links.
    if (!/^(EPERM|ENOTSUP|ENOSYS|EOPNOTSUPP)$/.test(code)) throw error
    renameSync(partial, path)
  }
}

const alreadyExists = (path: string, cause?: unknown): Error =>
  new Error(`${path} already exists, and the command does not overwrite files`, { cause })
