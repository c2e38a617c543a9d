// Installs the API clients at exact versions, and runs them without the settings of the user.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installPackages } from '../npm.ts'

const versions = { newman: '6.2.2', '@thunderclient/cli': '1.27.9', 'insomnia-importers': '3.6.0' }

const runMilliseconds = 60_000

export type ProgramName = keyof typeof versions

export interface Programs {
  /** The home folder of the programs. */
  readonly home: string
  readonly load: (name: ProgramName) => any
  /** Runs a program, and returns its output. */
  readonly run: (
    name: ProgramName,
    bin: string,
    args: readonly string[],
  ) => { readonly stdout: string; readonly stderr: string }
}

export const installPrograms = (): Programs => {
  const home = installPackages(versions)
  return {
    home,
    load: (name) => createRequire(join(home, 'package.json'))(name) as unknown,
    run: (name, bin, args) => {
      const folder = join(home, 'node_modules', name)
      const { bin: bins } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      return spawnSync(process.execPath, [join(folder, bins[bin]), ...args], {
        cwd: home,
        encoding: 'utf8',
        timeout: runMilliseconds,
        env: { ...process.env, HOME: home, USERPROFILE: home, FORCE_COLOR: '0' },
      })
    },
  }
}

/** The name of a client with its exact version, for the report. */
export const versionOf = (name: ProgramName): string => `${name} ${versions[name]}`
