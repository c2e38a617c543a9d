import { type ContractDocument, type Reference, resolve } from './document.ts'

/** The parts of a schema that the service, verify and the mock read. */
export interface Schema {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema | Reference>>
  readonly allOf?: readonly (Schema | Reference)[]
  readonly example?: unknown
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** Follows the reference of a schema and merges its `allOf` parts. The schema's own keywords replace theirs. */
export const wholeSchema = (document: ContractDocument, schema: Schema | Reference): Schema => {
  const own = resolve<Schema>(document, schema)
  return Object.assign({}, ...(own.allOf ?? []).map((part) => wholeSchema(document, part)), own) as Schema
}
