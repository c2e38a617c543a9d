import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../build/compile.mjs'

/** Builds the project into a separate folder, with the files that a running service reads. Later changes of the project
 * do not affect it.
 * @returns false after errors, which it prints */
export const buildVersion = async (root, folder) => {
  mkdirSync(folder, { recursive: true })
  try {
    for (const file of ['openapi.yaml', 'package.json', 'contract/overlays']) {
      cpSync(join(root, file), join(folder, file), { recursive: true })
    }
  } catch (error) {
    // An editor or git may have removed the file for a moment.
    console.error(`error: ${error.message}`)
    return false
  }
  return compile({ source: join(root, 'src'), target: join(folder, 'dist') })
}
