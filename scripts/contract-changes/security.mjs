// Compares the security that operations require, and the security schemes.
import { isDeepStrictEqual } from 'node:util'
import { breaking, compareRest, compatible } from './change.mjs'
import { keysOf } from './document.mjs'

/** Compares the security of an operation. Its entries are alternatives: a caller that satisfied an old entry must
 * satisfy a new one. A list without entries requires nothing. */
export const compareRequirements = (before, after, place) => {
  const [ones, others] = [before, after].map((list) => (list.length === 0 ? [{}] : list))
  const lost = ones.filter((one) => !others.some((other) => isSatisfiedBy(other, one)))
  const added = others.filter((other) => !ones.some((one) => isDeepStrictEqual(one, other)))
  return [
    ...lost.flatMap((one) => breaking(place, `the security ${describe(one)} is no longer enough`)),
    ...(lost.length > 0
      ? []
      : added.flatMap((other) => compatible(place, `the security ${describe(other)} is now enough`))),
  ]
}

const isSatisfiedBy = (wanted, given) =>
  Object.entries(wanted).every(
    ([scheme, scopes]) => scheme in given && scopes.every((scope) => given[scheme].includes(scope)),
  )

const describe = (requirement) =>
  Object.entries(requirement)
    .map(([scheme, scopes]) => [scheme, ...scopes].join(' '))
    .join(' and ') || '(none)'

/** Compares the security schemes by name, with the URLs and the scopes of their flows. */
export const compareSchemes = (before = {}, after = {}) =>
  keysOf(before, after).flatMap((name) => {
    const place = `security scheme ${name}`
    const [one, other] = [before[name], after[name]]
    if (!other) return breaking(place, 'it was removed')
    if (!one) return compatible(place, 'it is new')
    return [
      ...compareFlows(one.flows, other.flows, place),
      ...compareRest(one, other, ['flows', 'bearerFormat'], place),
    ]
  })

const compareFlows = (before = {}, after = {}, place) =>
  keysOf(before, after).flatMap((flow) => {
    const [one, other] = [before[flow], after[flow]]
    if (!other) return breaking(place, `the flow ${flow} was removed`)
    if (!one) return compatible(place, `the flow ${flow} is new`)
    return [...compareScopes(one.scopes, other.scopes, place), ...compareRest(one, other, ['scopes'], place, flow)]
  })

const compareScopes = (before = {}, after = {}, place) =>
  keysOf(before, after).flatMap((scope) => {
    if (!(scope in after)) return breaking(place, `the scope ${scope} was removed`)
    return scope in before ? [] : compatible(place, `the scope ${scope} is new`)
  })
