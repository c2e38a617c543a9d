// References of an OpenAPI document, as in `{ $ref: '#/components/schemas/Problem' }`.
import { get } from '@hyperjump/json-pointer'

/** The part of a document that a local reference (RFC 6901, 6) names; undefined when it names none. */
export const valueAt = (document, reference) => {
  try {
    return get(decodeURIComponent(reference.slice('#'.length)), document)
  } catch {
    return undefined
  }
}
