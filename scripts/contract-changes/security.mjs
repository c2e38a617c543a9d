// Who may call: what an operation asks for, and how to get it.
import { isDeepStrictEqual } from 'node:util'
import { breaking, compareRest, compatible } from './change.mjs'
import { keysOf } from './document.mjs'

/** What an operation asks for. Entries are alternatives: whoever satisfied one of the old ones has to satisfy one of
 * the new ones. No entry at all asks for nothing. */
export const compareRequirements = (before, after, place) => {
  const [ones, others] = [before, after].map((list) => (list.length === 0 ? [{}] : list))
  const lost = ones.filter((one) => !others.some((other) => isSatisfiedBy(other, one)))
  const added = others.filter((other) => !ones.some((one) => isDeepStrictEqual(one, other)))
  return [
    ...lost.flatMap((one) => breaking(place, `the security ${describe(one)} is not enough any more`)),
    ...(lost.length > 0
      ? []
      : added.flatMap((other) => compatible(place, `the security ${describe(other)} is enough now`))),
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

/** The schemes by name, with the URLs and the scopes of their flows. */
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
