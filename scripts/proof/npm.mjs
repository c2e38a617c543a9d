// Finds npm's own programs, which Node can run itself: npm.cmd and npx.cmd need a shell.
import { existsSync } from 'node:fs'
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
