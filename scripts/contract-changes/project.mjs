// Reads the files of a project that `judge` compares.
import { join } from 'node:path'
import { readPackageVersion, readText } from './files.mjs'
import { readReleases } from './releases.mjs'

/** Reads the project in a folder.
 * @throws Error if a file cannot be read */
export const readProject = (root) => ({
  contract: readText(join(root, 'openapi.yaml')),
  changelog: readText(join(root, 'CHANGELOG.md')),
  packageVersion: readPackageVersion(join(root, 'package.json')),
  ...readReleases(root),
})
