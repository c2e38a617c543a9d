import { createHash } from 'node:crypto'

/** A UUID that is the same for the same words in every run, in the shape of version 5, which every program knows. */
export const toId = (...words) => {
  const hex = createHash('sha256').update(words.join('\0')).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return parts.join('-')
}
