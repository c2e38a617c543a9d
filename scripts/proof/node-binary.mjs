// Other Node versions, as the npm package `node`.
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { npxCli } from './npm.mjs'

const fetchMilliseconds = 180_000

/** Fetches a Node away from the project, whose .npmrc forbids the script it installs by.
 * @returns its path and its whole version */
export const findBinary = (version) => {
  const print = 'process.execPath + "\\n" + process.versions.node'
  const npx = spawnSync(process.execPath, [npxCli, '-y', `node@${version}`, '-p', print], {
    cwd: tmpdir(),
    encoding: 'utf8',
    timeout: fetchMilliseconds,
  })
  const [path, found] = npx.stdout?.trim().split(/\r?\n/) ?? []
  if (npx.status !== 0 || !found?.startsWith(`${version}.`)) throw new Error(`No Node ${version}:\n${npx.stderr}`)
  return { path, version: found }
}
