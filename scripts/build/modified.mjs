import { existsSync, statSync } from 'node:fs'

/** When a file or folder was last modified, in milliseconds since 1970; 0 if it does not exist. */
export const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)
