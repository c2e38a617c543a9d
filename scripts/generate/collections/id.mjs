import { createHash } from 'node:crypto'

/** Derives a UUID from some names, always the same one. It has the format of version 5, which every program accepts. */
export const toId = (...names) => {
  const hex = createHash('sha256').update(names.join('\0')).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return parts.join('-')
}
