// Resolves references of an OpenAPI document, such as `{ $ref: '#/components/schemas/Problem' }`.
import { get } from '@hyperjump/json-pointer'

/** The part of a document that a local reference (RFC 6901, 6) names; undefined if there is no such part. */
export const valueAt = (document, reference) => {
  try {
    return get(decodeURIComponent(reference.slice('#'.length)), document)
  } catch {
    return undefined
  }
}
