// Parses and compares versions x.y.z. Pre-releases have no released contract.

/** The three numbers of a version; undefined for anything else. */
export const parseVersion = (text) => {
  const numbers = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text)
  return numbers?.slice(1).map(Number)
}

/** Negative if `one` is the lower version, 0 if both are equal. */
export const compareVersions = (one, other) => {
  const [ones, others] = [one, other].map(parseVersion)
  const index = ones.findIndex((number, at) => number !== others[at])
  return index === -1 ? 0 : ones[index] - others[index]
}

/** The lowest version that may contain a change after `last` (semver.org, 4, 7 and 8). A breaking change raises the
 * minor version below 1.0, and the major version from 1.0 on. Any other change raises the next lower number. */
export const lowestVersion = (last, isBreaking) => {
  const [major, minor, patch] = parseVersion(last)
  if (major === 0) return isBreaking ? `0.${minor + 1}.0` : `0.${minor}.${patch + 1}`
  return isBreaking ? `${major + 1}.0.0` : `${major}.${minor + 1}.0`
}
