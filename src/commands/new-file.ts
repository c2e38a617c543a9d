import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a file that nobody but its owner may read, and that has its name only once it is whole and on the disk.
 * @param fill writes it under another name, under which it is there, and empty
 * @returns what `fill` does
 * @throws when there is such a file, or one of the other name, or what `fill` throws */
export const makeFile = async <T>(path: string, fill: (partial: string) => Promise<T>): Promise<T> => {
  if (existsSync(path)) throw new Error(`${path} is there already, and is not overwritten`)
  const partial = `${path}.partial`
  claim(partial)
  try {
    const result = await fill(partial)
    sync(partial)
    giveName(partial, path)
    // Windows knows no such thing.
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
    throw new Error(`${partial} is there: somebody is at work on it, or was broken off; then remove that file`, {
      cause: error,
    })
  }
}

const sync = (path: string): void => {
  // Windows syncs only what may be written.
  const file = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Unlike a new name, a second one never takes the place of another file. */
const giveName = (partial: string, path: string): void => {
  try {
    linkSync(partial, path)
  } catch (error) {
    if (!/^(EPERM|ENOTSUP|ENOSYS|EOPNOTSUPP)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
    // A file system without links.
    if (existsSync(path)) throw new Error(`${path} is there already, and is not overwritten`, { cause: error })
    renameSync(partial, path)
  }
}
