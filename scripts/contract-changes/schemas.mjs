// Compares schemas. A change can make a schema narrower, wider or something else ("other"). Narrower breaks requests,
// wider breaks responses, and other breaks both.
import { isDeepStrictEqual } from 'node:util'
import { change, show } from './change.mjs'
import { isDocumentation, keysOf, schemaName } from './document.mjs'

const byOrder = (before, after, relation) => {
  if (before === after) return undefined
  return after > before ? relation : opposite[relation]
}
const opposite = { narrower: 'wider', wider: 'narrower' }

const least = (before = -Infinity, after = -Infinity) => byOrder(before, after, 'narrower')
const leastCount = (before = 0, after = 0) => byOrder(before, after, 'narrower')
const most = (before = Infinity, after = Infinity) => byOrder(before, after, 'wider')
const narrowerIfTrue = (before = false, after = false) => byOrder(before, after, 'narrower')
const widerIfTrue = (before = false, after = false) => byOrder(before, after, 'wider')
const narrowerIfGiven = (before, after) => {
  if (before === undefined) return 'narrower'
  return after === undefined ? 'wider' : 'other'
}

/** The effect of each keyword's change. A change of any other keyword is breaking. That includes `format` and `title`,
 * because generators choose or name types by them. */
const relations = {
  type: (before, after) => {
    if (before === 'integer' && after === 'number') return 'wider'
    if (before === 'number' && after === 'integer') return 'narrower'
    return narrowerIfGiven(before, after)
  },
  nullable: widerIfTrue,
  // Clients know that later versions may add values to an open enum.
  'x-open-enum': widerIfTrue,
  pattern: narrowerIfGiven,
  multipleOf: narrowerIfGiven,
  minLength: leastCount,
  minItems: leastCount,
  minProperties: leastCount,
  minimum: least,
  maxLength: most,
  maxItems: most,
  maxProperties: most,
  maximum: most,
  exclusiveMinimum: narrowerIfTrue,
  exclusiveMaximum: narrowerIfTrue,
  uniqueItems: narrowerIfTrue,
}

const breaks = (side, relation) => relation === 'other' || relation === (side === 'request' ? 'narrower' : 'wider')

/** The changes from one schema to another.
 * @param at `place` for the report, `side` 'request' or 'response', the `name` of the described part, and the `path` of
 * the member in the body */
export const compareSchemas = (before = {}, after = {}, at) => {
  const { open = [] } = at
  if (open.some(([one, other]) => one === before && other === after)) return []
  const inside = { ...at, open: [...open, [before, after]] }
  return [
    ...compareSchemaNames(before, after, inside),
    ...compareMembers(before, after, inside),
    ...keysOf(before, after)
      .filter((keyword) => !isDeepStrictEqual(before[keyword], after[keyword]))
      .flatMap((keyword) => compareKeyword(keyword, before, after, inside)),
  ]
}

/** Generators name types by the names of schemas. An inline schema has no name. */
const compareSchemaNames = ({ [schemaName]: was }, { [schemaName]: is }, at) =>
  was === is ? [] : report(at, 'other', `the name of its schema went from ${was ?? 'none'} to ${is ?? 'none'}`)

const compareKeyword = (keyword, before, after, at) => {
  const compare = structures[keyword]
  if (compare) return compare(before[keyword], after[keyword], at, before)
  const relate = relations[keyword] ?? (isDocumentation(keyword) ? () => undefined : () => 'other')
  const relation = relate(before[keyword], after[keyword])
  if (relation === undefined) return []
  return report(at, relation, `${keyword} went from ${show(before[keyword])} to ${show(after[keyword])}`)
}

const report = ({ place, side, name }, relation, text) => change(breaks(side, relation), place, `${name}: ${text}`)

const compareEnum = (before, after, at, schema) => {
  if (!before || !after)
    return report(at, before ? 'wider' : 'narrower', `enum went from ${show(before)} to ${show(after)}`)
  const added = after.filter((value) => !before.includes(value))
  const removed = before.filter((value) => !after.includes(value))
  const isPromised = at.side === 'response' && schema['x-open-enum'] === true
  return [
    ...(added.length > 0 ? report(at, isPromised ? 'narrower' : 'wider', `${list(added)} was added to its enum`) : []),
    ...(removed.length > 0 ? report(at, 'narrower', `${list(removed)} was removed from its enum`) : []),
  ]
}

const list = (values) => values.map(show).join(', ')

const compareAdditional = (before = true, after = true, at) => {
  const isSchema = (value) => typeof value === 'object'
  if (isSchema(before) && isSchema(after)) return compareSchemas(before, after, { ...at, ...memberAt(at, '*') })
  const rank = (value) => (isSchema(value) ? 1 : Number(value) * 2)
  const relation = byOrder(rank(before), rank(after), 'wider')
  const text = `additionalProperties went from ${show(before)} to ${show(after)}`
  return relation === undefined ? [] : report(at, relation, text)
}

const compareItems = (before, after, at) =>
  before && after
    ? compareSchemas(before, after, { ...at, ...memberAt(at, '[]') })
    : report(at, narrowerIfGiven(before, after), `items went from ${show(before)} to ${show(after)}`)

/** Only for allOf, narrower parts make the whole narrower. Any other change of a combination counts as breaking. */
const compareParts = (keyword) => (before, after, at) => {
  const [ones, others] = [[before ?? []].flat(), [after ?? []].flat()]
  const inside = ones.flatMap((one, index) => compareSchemas(one, others[index], at))
  if (ones.length === others.length && (keyword === 'allOf' || inside.length === 0)) return inside
  return report(at, 'other', `${keyword} changed, and no rule covers that change`)
}

const structures = {
  enum: compareEnum,
  additionalProperties: compareAdditional,
  items: compareItems,
  allOf: compareParts('allOf'),
  anyOf: compareParts('anyOf'),
  oneOf: compareParts('oneOf'),
  not: compareParts('not'),
  // `compareMembers` compares both.
  properties: () => [],
  required: () => [],
}

const memberAt = ({ path = '' }, key) => {
  const next = key === '[]' || path === '' ? `${path}${key}` : `${path}.${key}`
  return { path: next, name: `the member ${next}` }
}

const compareMembers = (before, after, at) => {
  const [ones = {}, others = {}] = [before.properties, after.properties]
  const names = keysOf(ones, others)
  const bare = [...(before.required ?? []), ...(after.required ?? [])].filter((name) => !names.includes(name))
  return [...names, ...new Set(bare)].flatMap((name) => {
    const member = { ...at, ...memberAt(at, name) }
    const was = Boolean(before.required?.includes(name))
    const is = Boolean(after.required?.includes(name))
    if (name in ones && !(name in others)) return change(true, at.place, `${member.name} was removed`)
    if (!(name in ones) && name in others) return newMember(member, is, before.additionalProperties === false)
    return [...compareRequired(member, was, is), ...compareSchemas(ones[name], others[name], member)]
  })
}

const newMember = ({ side, place, name }, isRequired, isClosed) => {
  if (side === 'request') return change(isRequired, place, `${name} is new${isRequired ? ' and required' : ''}`)
  const why = isClosed ? ', although additionalProperties was false' : ''
  return change(isClosed, place, `${name} is new${why}`)
}

const compareRequired = ({ side, place, name }, was, is) => {
  if (was === is) return []
  const text = is ? 'is now required' : side === 'request' ? 'may now be omitted' : 'may now be missing'
  return change(is === (side === 'request'), place, `${name} ${text}`)
}
