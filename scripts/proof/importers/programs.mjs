// The API clients themselves, installed into a temporary folder at exact versions, and run away from the settings of
// whoever runs this.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createTemporaryFolder } from '../at-exit.mjs'
import { npmCli } from '../npm.mjs'

const versions = { newman: '6.2.2', '@thunderclient/cli': '1.27.9', 'insomnia-importers': '3.6.0' }

const installMilliseconds = 300_000
const runMilliseconds = 60_000

/** @returns `run(name, bin, args)`: what a program has written, `{ stdout, stderr }`; `load(name)`: a package; `home`:
 * where the programs look for their settings; `remove` */
export const installPrograms = () => {
  const { path, remove } = createTemporaryFolder()
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error']
  // Said here, since npm would also heed what the `npm run` around this has set.
  const args = [npmCli, 'install', '--prefix', path, '--no-save', '--ignore-scripts', ...quiet, ...packages]
  const npm = spawnSync(process.execPath, args, { cwd: path, encoding: 'utf8', timeout: installMilliseconds })
  if (npm.status !== 0) throw new Error(`The clients could not be installed:\n${npm.stderr}`)

  return {
    home: path,
    remove,
    load: (name) => createRequire(join(path, 'package.json'))(name),
    run: (name, bin, programArguments) => {
      const folder = join(path, 'node_modules', name)
      const script = join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin[bin])
      const { stdout, stderr } = spawnSync(process.execPath, [script, ...programArguments], {
        cwd: path,
        encoding: 'utf8',
        timeout: runMilliseconds,
        env: { ...process.env, HOME: path, USERPROFILE: path, FORCE_COLOR: '0' },
      })
      return { stdout, stderr }
    },
  }
}

/** The exact version of a client, for the report. */
export const versionOf = (name) => `${name} ${versions[name]}`
