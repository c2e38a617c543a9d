// What a folder has of what is judged.
import { join } from 'node:path'
import { readPackageVersion, readText } from './files.mjs'
import { readReleases } from './releases.mjs'

/** Reads the project in a folder for `judge`.
 * @throws Error with a sentence for a file that cannot be read */
export const readProject = (root) => ({
  contract: readText(join(root, 'openapi.yaml')),
  changelog: readText(join(root, 'CHANGELOG.md')),
  packageVersion: readPackageVersion(join(root, 'package.json')),
  ...readReleases(root),
})
