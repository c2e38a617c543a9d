// CHANGELOG.md: `## x.y.z`, perhaps with a date, over the entry of each version, the newest first.

/** The entries, `{ heading, version, text }`; the version is undefined where the heading has none. */
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

/** Whether an entry lists something below its heading, or below one of the headings in it. */
export const hasItems = (entry, heading = '') => {
  const parts =
    heading === '' ? [entry.text] : entry.text.split(/^(?=### )/m).filter((part) => part.startsWith(heading))
  return parts.some((part) => /^- \S/m.test(part))
}
