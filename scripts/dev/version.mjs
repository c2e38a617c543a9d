import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../build/compile.mjs'

/** Builds the project into a folder of its own, with all that a running service reads, so that later changes of the
 * project do not touch it.
 * @returns false when there were errors, which are then printed */
export const buildVersion = async (root, folder) => {
  mkdirSync(folder, { recursive: true })
  try {
    for (const file of ['openapi.yaml', 'package.json']) cpSync(join(root, file), join(folder, file))
  } catch (error) {
    // An editor or git may have moved the file away for a moment.
    console.error(`error: ${error.message}`)
    return false
  }
  return compile({ source: join(root, 'src'), target: join(folder, 'dist') })
}
