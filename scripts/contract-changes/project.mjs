// What a folder has of what is judged.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readReleases } from './releases.mjs'

/** Reads the project in a folder for `judge`. */
export const readProject = (root) => ({
  contract: readFileSync(join(root, 'openapi.yaml'), 'utf8'),
  changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
  packageVersion: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
  ...readReleases(root),
})
