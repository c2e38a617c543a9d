// Puts packages that only a proof needs into a temporary folder, where the project does not depend on them.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from './at-exit.mjs'
import { npmCli } from './npm.mjs'

const installMilliseconds = 300_000

/** @param packages exact versions by name
 * @returns a folder whose node_modules has them, and how to remove it */
export const installPackages = (packages) => {
  const folder = createTemporaryFolder()
  const manifest = { private: true, type: 'module', dependencies: packages }
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify(manifest))
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel', 'error']
  // The prefix is said, since npm would also heed what the `npm run` around this has set.
  const npm = spawnSync(process.execPath, [npmCli, 'install', '--prefix', folder.path, ...quiet], {
    cwd: folder.path,
    encoding: 'utf8',
    timeout: installMilliseconds,
  })
  if (npm.status !== 0) throw new Error(`${Object.keys(packages).join(', ')} cannot be installed:\n${npm.stderr}`)
  return folder
}
