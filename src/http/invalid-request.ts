import type { ErrorObject } from 'ajv'
import { Failure, type FailureCode, type InvalidPlace } from '../failure.ts'

const maxPlaces = 32

/** The failure of a request that the contract's schemas refuse: 'invalid-body' with the places, or the code that
 * the schema itself names as `x-failure`. */
export const invalidRequest = (errors: readonly ErrorObject[]): Failure => {
  for (const { parentSchema } of errors) {
    const code = parentSchema?.['x-failure'] as FailureCode | undefined
    if (code !== undefined) return new Failure(code)
  }
  return new Failure('invalid-body', { places: errors.slice(0, maxPlaces).map(placeOf) })
}

/** Where and what, in words of our own: a validator's may quote the value. */
const placeOf = ({ instancePath, keyword, params }: ErrorObject): InvalidPlace => {
  const base = `#${instancePath.replace(/^\/requestBody/, '')}`
  if (keyword === 'required') {
    const name = (params as { missingProperty: string }).missingProperty
    return name === 'requestBody'
      ? { pointer: '#', detail: 'is required' }
      : { pointer: `${base}/${name}`, detail: 'is required' }
  }
  return { pointer: base, detail: describe(keyword, params as Readonly<Record<string, unknown>>) }
}

const describe = (keyword: string, params: Readonly<Record<string, unknown>>): string => {
  switch (keyword) {
    case 'type':
      return `must be ${article(String(params.type))}`
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${String(params.limit)} characters`
    case 'maxLength':
      return `must have at most ${String(params.limit)} characters`
    case 'pattern':
      return 'has characters that are not allowed'
    case 'enum':
      return 'is not one of the allowed values'
    default:
      return `breaks the rule ${keyword} of the contract`
  }
}

const article = (type: string): string => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`)
