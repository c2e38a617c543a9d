// Runs the programs of npm by Node, because npm.cmd and npx.cmd need a shell.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { emptyFolder } from '../support/process.ts'

const milliseconds = 300_000

const binary = dirname(process.execPath)
const programs = [
  // npm sets this variable for its scripts.
  process.env.npm_execpath ? dirname(process.env.npm_execpath) : '',
  join(binary, 'node_modules', 'npm', 'bin'),
  join(binary, '..', 'lib', 'node_modules', 'npm', 'bin'),
].find((folder) => existsSync(join(folder, 'npx-cli.js')))

// `npm run` passes the settings of the project's .npmrc on, such as ignore-scripts. They are not meant for other folders.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)))

const run = (program: string, cwd: string, words: readonly string[]): string => {
  if (programs === undefined) throw new Error('npm was not found: run this by `npm run proof`')
  const options = { cwd, env: environment, encoding: 'utf8', timeout: milliseconds } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(programs, program), ...words], options)
  if (status !== 0) throw new Error(`${words.join(' ')} has failed:\n${stderr}`)
  return stdout
}

const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error']

/** Runs npm in a folder. The folder is also the prefix, because npm would otherwise use that of the surrounding `npm
 * run`.
 * @returns its standard output */
export const npm = (folder: string, ...words: readonly string[]): string =>
  run('npm-cli.js', folder, [...words, '--prefix', folder, ...quiet])

/** Installs packages without running their scripts.
 * @param packages exact versions by name
 * @returns a temporary folder, whose node_modules has them */
export const installPackages = (packages: Readonly<Record<string, string>>): string => {
  const folder = emptyFolder()
  const manifest = { private: true, type: 'module', dependencies: packages }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  npm(folder, 'install', '--ignore-scripts', '--no-package-lock')
  return folder
}

/** Fetches another Node by the npm package `node`. This runs outside the project, whose .npmrc forbids install scripts.
 * @returns its path and its exact version */
export const fetchNode = (version: number): { readonly path: string; readonly version: string } => {
  const print = 'process.execPath + "\\n" + process.versions.node'
  const [path = '', found = ''] = run('npx-cli.js', tmpdir(), ['-y', `node@${version}`, '-p', print])
    .trim()
    .split(/\r?\n/)
  if (!found.startsWith(`${version}.`)) throw new Error(`No Node ${version}: ${path}`)
  return { path, version: found }
}
