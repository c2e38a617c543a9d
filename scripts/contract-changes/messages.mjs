// Compares parameters, request bodies, responses and their headers.
import { breaking, change, compareRest, compatible } from './change.mjs'
import { keysOf } from './document.mjs'
import { compareSchemas } from './schemas.mjs'

/** @param before, after lists of parameters, including those of the path */
export const compareParameters = (before, after, place) => {
  const [ones, others] = [before, after].map(byName)
  return keysOf(ones, others).flatMap((key) => {
    const [one, other] = [ones[key], others[key]]
    const name = `the parameter ${(other ?? one).name} (${(other ?? one).in})`
    if (!other) return breaking(place, `${name} was removed`)
    if (!one) return change(other.required === true, place, `${name} is new${other.required ? ' and required' : ''}`)
    return [
      ...compareFlag(one, other, 'request', place, name),
      ...compareSchemas(one.schema, other.schema, { place, side: 'request', name }),
      ...compareRest(one, other, ['name', 'in', 'required', 'schema'], place, name),
    ]
  })
}

const byName = (parameters) =>
  Object.fromEntries(
    parameters.map((parameter) => {
      const { name, in: where } = parameter
      return [`${where} ${where === 'header' ? name.toLowerCase() : name}`, parameter]
    }),
  )

const compareFlag = ({ required: was = false }, { required: is = false }, side, place, name) => {
  if (was === is) return []
  return change(is === (side === 'request'), place, `${name} ${is ? 'is now required' : 'may now be missing'}`)
}

/** Compares request bodies. Either may be undefined. */
export const compareBodies = (before, after, place) => {
  if (!before && !after) return []
  if (!after) return breaking(place, 'the body was removed')
  if (!before) return change(after.required === true, place, `a body is new${after.required ? ' and required' : ''}`)
  return [
    ...compareFlag(before, after, 'request', place, 'the body'),
    ...compareContent(before.content, after.content, { place, side: 'request', name: 'the body' }),
    ...compareRest(before, after, ['required', 'content'], place, 'the body'),
  ]
}

const compareContent = (before = {}, after = {}, at) => [
  ...compareFirst(Object.keys(before), Object.keys(after), at.place),
  ...keysOf(before, after).flatMap((mediaType) => {
    const [one, other] = [before[mediaType], after[mediaType]]
    if (!other) return breaking(at.place, `the media type ${mediaType} was removed`)
    if (!one) return change(at.side === 'response', at.place, `the media type ${mediaType} is new`)
    return [
      ...compareSchemas(one.schema, other.schema, at),
      ...compareRest(one, other, ['schema'], at.place, `the media type ${mediaType}`),
    ]
  }),
]

/** Importers and generators use the first media type. Its removal is reported elsewhere. */
const compareFirst = ([was], [is, ...others], place) =>
  others.includes(was) ? breaking(place, `the first media type went from ${was} to ${is}`) : []

/** Compares responses by status.
 * @param place the operation of the responses */
export const compareResponses = (before = {}, after = {}, place) =>
  keysOf(before, after).flatMap((status) => {
    const at = `${place} ${status}`
    const [one, other] = [before[status], after[status]]
    if (!other) return breaking(at, 'this response was removed')
    if (!one) return breaking(at, 'this response is new')
    return [
      ...compareHeaders(one.headers, other.headers, at),
      ...compareContent(one.content, other.content, { place: at, side: 'response', name: 'the body' }),
      ...compareRest(one, other, ['headers', 'content'], at),
    ]
  })

const compareHeaders = (before = {}, after = {}, place) => {
  const [ones, others] = [before, after].map(inLowerCase)
  return keysOf(ones, others).flatMap((key) => {
    const [one, other] = [ones[key], others[key]]
    const name = `the header ${(other ?? one).name}`
    if (!other) return change(one.required === true, place, `${name} was removed`)
    if (!one) return compatible(place, `${name} is new`)
    return [
      ...compareFlag(one, other, 'response', place, name),
      ...compareSchemas(one.schema, other.schema, { place, side: 'response', name }),
      ...compareRest(one, other, ['name', 'required', 'schema'], place, name),
    ]
  })
}

const inLowerCase = (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, header]) => [name.toLowerCase(), { ...header, name }]))
