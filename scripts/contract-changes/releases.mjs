// Reads and writes the released contracts, contract/released/x.y.z.yaml, and the checksums that reveal later changes.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { namesIn, readText, writeText } from './files.mjs'
import { compareVersions, parseVersion } from './versions.mjs'

const folderOf = (root) => join(root, 'contract', 'released')
const sumsName = 'SHA256SUMS'

const read = (path) => readText(path).replaceAll('\r\n', '\n')
const sumOf = (text) => createHash('sha256').update(text).digest('hex')

/** The `releases`, `{ version, text, isIntact }`, the lowest version first, and the names of all `otherFiles`. */
export const readReleases = (root) => {
  const folder = folderOf(root)
  if (!existsSync(folder)) return { releases: [], otherFiles: [] }
  const sums = readSums(folder)
  const names = [...new Set([...namesIn(folder), ...sums.keys()])].filter((name) => name !== sumsName)
  const isRelease = (name) => name.endsWith('.yaml') && parseVersion(name.slice(0, -5)) !== undefined
  const releases = names.filter(isRelease).map((name) => {
    const path = join(folder, name)
    const text = existsSync(path) ? read(path) : ''
    return { version: name.slice(0, -5), text, isIntact: sums.get(name) === sumOf(text) }
  })
  return {
    releases: releases.sort((one, other) => compareVersions(one.version, other.version)),
    otherFiles: names.filter((name) => !isRelease(name)),
  }
}

/** Reads SHA256SUMS, which has the format of sha256sum. */
const readSums = (folder) => {
  const path = join(folder, sumsName)
  const lines = existsSync(path) ? read(path).trim().split('\n') : []
  return new Map(lines.map((line) => line.split('  ').reverse()))
}

/** Writes a released contract, and its checksum.
 * @returns the path of the file */
export const writeRelease = (root, version, text) => {
  const folder = folderOf(root)
  const name = `${version}.yaml`
  const contract = text.replaceAll('\r\n', '\n')
  const sums = readSums(folder).set(name, sumOf(contract))
  writeText(join(folder, name), contract)
  writeText(join(folder, sumsName), [...sums].map(([file, sum]) => `${sum}  ${file}\n`).join(''))
  return join(folder, name)
}
