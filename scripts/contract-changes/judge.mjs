// Decides whether a contract may be published after the earlier releases.
import { contractHeading, hasItems, readChangelog } from './changelog.mjs'
import { compareContracts } from './compare.mjs'
import { parseContract } from './files.mjs'
import { compareVersions, lowestVersion, parseVersion } from './versions.mjs'

/** Compares the contract of a project with its last release, and checks its versions.
 * @param project `contract` and `changelog` as texts, `packageVersion`, and `releases` and `otherFiles` of
 * `readReleases`
 * @returns the `changes` since the last release, and the `problems` as sentences that say what to do
 * @throws Error if the text is not a contract */
export const judge = (project) => {
  const contract = parseContract(project.contract, 'openapi.yaml')
  const version = String(contract.info.version)
  const entries = readChangelog(project.changelog)
  const problems = [...versionProblems(version, project, entries), ...releaseProblems(version, project, entries)]
  if (parseVersion(version) === undefined) return { version, changes: [], problems }
  const last = project.releases.at(-1)
  const changes = last?.isIntact ? compareWith(last, contract) : []
  return {
    version,
    last: last?.version,
    changes,
    problems: [...problems, ...changeProblems(version, last?.version, changes, entries[0])],
  }
}

const fileOf = (version) => `contract/released/${version}.yaml`

const compareWith = ({ version, text }, contract) => {
  const released = parseContract(text, fileOf(version))
  try {
    return compareContracts(released, contract)
  } catch (error) {
    // Redocly reports the place of each fault in the document.
    const advice = 'run `npm run check` to find where it is not valid OpenAPI'
    throw new Error(`openapi.yaml cannot be compared with ${fileOf(version)} (${error.message}): ${advice}.`, {
      cause: error,
    })
  }
}

const versionProblems = (version, { packageVersion }, [top]) => {
  const problems = []
  if (parseVersion(version) === undefined)
    problems.push(`openapi.yaml: info.version ${version} is not a version x.y.z.`)
  if (packageVersion !== version)
    problems.push(
      `package.json has version ${packageVersion}, openapi.yaml has ${version}: set both to the same version.`,
    )
  if (top?.version !== version)
    problems.push(
      `The top entry of CHANGELOG.md is "${top?.heading ?? ''}": change its heading to "## ${version}", the version of openapi.yaml.`,
    )
  else if (!hasItems(top))
    problems.push(`CHANGELOG.md lists nothing for ${version}: list the changes, as items "- ...".`)
  return problems
}

const releaseProblems = (version, { releases, otherFiles }, entries) => {
  const listed = entries.map((entry) => entry.version)
  const released = releases.map((release) => release.version)
  const past = listed.filter((one) => one !== undefined && one !== version)
  return [
    ...otherFiles.map((name) => `contract/released/${name} is not a released contract: remove it.`),
    ...releases.flatMap(problemsOfRelease),
    ...past
      .filter((one) => !released.includes(one))
      .map((one) => `contract/released lacks ${one}, which CHANGELOG.md lists: restore the file.`),
    ...released
      .filter((one) => !listed.includes(one))
      .map((one) => `CHANGELOG.md lacks ${one}, which contract/released contains: restore the entry.`),
  ]
}

const problemsOfRelease = ({ version, text, isIntact }) => {
  const file = fileOf(version)
  if (!isIntact) return [`${file} differs from the release (SHA256SUMS): restore it.`]
  const stated = String(parseContract(text, file).info.version)
  return stated === version ? [] : [`${file} has info.version ${stated}: restore it.`]
}

const changeProblems = (version, last, changes, top) => {
  if (last === undefined) return []
  if (compareVersions(version, last) < 0)
    return [`Version ${version} is lower than the last release, ${last}: raise it.`]
  if (changes.length === 0) return []
  const isBreaking = changes.some((change) => change.isBreaking)
  const lowest = lowestVersion(last, isBreaking)
  if (compareVersions(version, lowest) < 0) {
    const kind = isBreaking ? 'Breaking changes' : 'Changes'
    const remedy = `undo them, or raise the version in openapi.yaml, package.json and CHANGELOG.md`
    return [`${kind} since ${last} require at least version ${lowest}, but this is ${version}: ${remedy}.`]
  }
  return hasItems(top ?? { text: '' }, contractHeading)
    ? []
    : [`The contract has changed since ${last}: list it in CHANGELOG.md below "${contractHeading}".`]
}
