import type { ErrorObject } from 'ajv'
import { Failure, type FailureCode, type InvalidPlace } from '../failure.ts'

/** An error of the validator. */
type ValidationError = ErrorObject<string, Readonly<Record<string, unknown>>>

const maxPlaces = 32

/** Maps the errors of the validator to a failure. A schema may name the code as `x-failure`. Otherwise it is
 * 'invalid-parameter', or 'invalid-body' with the invalid places. */
export const invalidRequest = (errors: readonly ValidationError[]): Failure => {
  for (const { parentSchema } of errors) {
    const code = parentSchema?.['x-failure'] as FailureCode | undefined
    if (code !== undefined) return new Failure(code)
  }
  const [parameter] = errors.filter(({ instancePath }) => /^\/(path|query)/.test(instancePath))
  if (parameter) return invalidParameter(parameter)
  return new Failure('invalid-body', { places: errors.slice(0, maxPlaces).map(placeOf) })
}

const invalidParameter = ({ instancePath, keyword, params }: ValidationError): Failure => {
  const name = keyword === 'required' ? String(params.missingProperty) : instancePath.split('/')[2]
  return new Failure('invalid-parameter', {
    detail: `${name} ${parameterDetails[keyword] ?? describe(keyword, params)}`,
  })
}

const parameterDetails: Readonly<Record<string, string>> = {
  required: 'is required',
  pattern: 'does not match the pattern in the contract',
}

/** Says what is wrong and where. The texts are our own, because the validator's may quote the value. */
const placeOf = ({ instancePath, keyword, params }: ValidationError): InvalidPlace => {
  const base = `#${instancePath.replace(/^\/requestBody/, '')}`
  if (keyword === 'required') {
    const name = String(params.missingProperty)
    return name === 'requestBody'
      ? { pointer: '#', detail: 'is required' }
      : { pointer: `${base}/${name}`, detail: 'is required' }
  }
  return { pointer: base, detail: describe(keyword, params) }
}

const describe = (keyword: string, params: Readonly<Record<string, unknown>>): string => {
  switch (keyword) {
    case 'type':
      return `must be ${article(String(params.type))}`
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${String(params.limit)} characters`
    case 'maxLength':
      return `must have at most ${String(params.limit)} characters`
    case 'minimum':
      return `must be at least ${String(params.limit)}`
    case 'maximum':
      return `must be at most ${String(params.limit)}`
    case 'pattern':
      return 'contains characters that are not allowed'
    case 'enum':
      return 'is not one of the allowed values'
    default:
      return `violates the contract's rule ${keyword}`
  }
}

const article = (type: string): string => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`)
