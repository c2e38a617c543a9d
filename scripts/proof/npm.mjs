// Finds npm's own programs, which Node can run itself: npm.cmd and npx.cmd need a shell. And installs what a proof
// needs and the project does not.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const binary = dirname(process.execPath)
const folder = [
  // Set where npm runs this script.
  process.env.npm_execpath ? dirname(process.env.npm_execpath) : '',
  join(binary, 'node_modules', 'npm', 'bin'),
  join(binary, '..', 'lib', 'node_modules', 'npm', 'bin'),
].find((candidate) => existsSync(join(candidate, 'npx-cli.js')))

if (folder === undefined) throw new Error('npm was not found: run this by `npm run proof`')

export const npmCli = join(folder, 'npm-cli.js')
export const npxCli = join(folder, 'npx-cli.js')

const installMilliseconds = 300_000

/** Installs packages in an empty folder away from the project; no script of theirs is run.
 * @param packages exact versions by name */
export const installPackages = (path, packages) => {
  writeFileSync(join(path, 'package.json'), JSON.stringify({ private: true, dependencies: packages }))
  // Said here, since npm would also heed what the `npm run` around this has set.
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error', '--prefix', path]
  const npm = spawnSync(process.execPath, [npmCli, 'install', ...flags], {
    cwd: path,
    encoding: 'utf8',
    timeout: installMilliseconds,
  })
  if (npm.status !== 0) throw new Error(`What the proof needs cannot be installed:\n${npm.stderr}`)
}
