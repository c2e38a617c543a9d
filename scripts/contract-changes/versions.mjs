// Versions x.y.z. Pre-releases have no contract of their own here.

/** The three numbers of a version; undefined for anything else. */
export const parseVersion = (text) => {
  const numbers = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text)
  return numbers?.slice(1).map(Number)
}

/** Negative where `one` is the lower version. */
export const compareVersions = (one, other) => {
  const [ones, others] = [one, other].map(parseVersion)
  const index = ones.findIndex((number, at) => number !== others[at])
  return index === -1 ? 0 : ones[index] - others[index]
}

/** The lowest version that may carry a change after `last` (semver.org, 4, 7 and 8): below 1.0 a breaking one raises
 * the minor version and any other the patch, from 1.0 on the major and the minor version. */
export const lowestVersion = (last, isBreaking) => {
  const [major, minor, patch] = parseVersion(last)
  if (major === 0) return isBreaking ? `0.${minor + 1}.0` : `0.${minor}.${patch + 1}`
  return isBreaking ? `${major + 1}.0.0` : `${major}.${minor + 1}.0`
}
