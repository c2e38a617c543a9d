// Describes the machine, the versions and the commit of a run.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { root } from '../../test/support/process.ts'

const packages = ['koa', 'jsonwebtoken', 'fastify', 'fast-jwt', '@node-rs/argon2']

const versionIn = (...path) => JSON.parse(readFileSync(join(root, ...path, 'package.json'), 'utf8')).version

export const describeVersions = () => ({
  sesame: versionIn(),
  node: process.versions.node,
  ...Object.fromEntries(packages.map((name) => [name, versionIn('node_modules', name)])),
})

/** Call this before `pinServers`, which changes the number of cores that this process sees. */
export const describeMachine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()} ${process.arch}`,
})

const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''

/** The short hash, with a note if the sources differ from that commit. */
export const describeCommit = () => {
  const hash = git('rev-parse', '--short', 'HEAD')
  if (hash === '') return 'unknown'
  const changes = git(
    'status',
    '--porcelain',
    '--untracked-files=no',
    '--',
    'src',
    'openapi.yaml',
    'scripts',
    'package-lock.json',
  )
  return changes === '' ? hash : `${hash} with changes`
}
