// Reads CHANGELOG.md. Each entry starts with `## x.y.z` and an optional date. The newest entry comes first.

/** The entries, `{ heading, version, text }`. The version is undefined if the heading has none. */
export const readChangelog = (changelog) =>
  changelog
    .replaceAll('\r\n', '\n')
    .split(/^## /m)
    .slice(1)
    .map((entry) => {
      const [heading, ...lines] = entry.split('\n')
      return { heading, version: /^(\d+\.\d+\.\d+)(?=$| )/.exec(heading)?.[1], text: lines.join('\n') }
    })

export const contractHeading = '### Changed in the contract'

/** Whether an entry has list items.
 * @param heading counts only the items below this heading of the entry */
export const hasItems = (entry, heading = '') => {
  const parts =
    heading === '' ? [entry.text] : entry.text.split(/^(?=### )/m).filter((part) => part.startsWith(heading))
  return parts.some((part) => /^- \S/m.test(part))
}
