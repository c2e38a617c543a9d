import { Ajv } from 'ajv'
import type { ContractDocument } from '../../contract/document.ts'
import type { Schema } from '../../contract/schema.ts'
import { asText } from './parameters.ts'

export interface Value {
  /** Completes "username ...". */
  readonly title: string
  readonly value: unknown
}

/** A value in a query or a path. */
export interface InvalidText {
  readonly title: string
  readonly text: string
}

/** A character outside the Basic Multilingual Plane. It has two UTF-16 code units, and four bytes in UTF-8. */
export const wideLetter = '\u{10428}'

/** Values of many kinds. A schema refuses some of them. */
const candidatesFor = ({ minLength = 0, maxLength, minimum, maximum, example }: Schema): readonly Value[] => [
  ...[null, true, 1, 1.5, 'text', [], {}].map((value) => ({ title: `is ${JSON.stringify(value)}`, value })),
  ...(minLength > 0 ? [{ title: 'is shorter than its minimum', value: 'a'.repeat(minLength - 1) }] : []),
  ...(maxLength === undefined
    ? []
    : [
        { title: 'is one character too long', value: 'a'.repeat(maxLength + 1) },
        { title: 'is one four-byte character too long', value: wideLetter.repeat(maxLength + 1) },
        { title: 'is four times too long', value: 'a'.repeat(maxLength * 4) },
      ]),
  ...['\u0000', '\u001f', '"', 'é', ' '].map((character) => ({
    title: `contains the character U+${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase()}`,
    value: `${typeof example === 'string' ? example : 'text'}${character}x`,
  })),
  { title: 'is not one of its values', value: 'something-else' },
  ...(minimum === undefined ? [] : [{ title: 'is below its minimum', value: minimum - 1 }]),
  ...(maximum === undefined ? [] : [{ title: 'is above its maximum', value: maximum + 1 }]),
]

/** Parses a text from a query or a path, by the type of its schema. */
const parsedText = (text: string, { type = 'string' }: Schema): unknown => {
  if (/^(integer|number)$/.test(type)) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  return type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text
}

/** Lists values that a schema of the contract refuses. */
export interface InvalidValues {
  readonly values: (schema: Schema) => readonly Value[]
  /** For a parameter, as texts without duplicates. */
  readonly texts: (schema: Schema) => readonly InvalidText[]
}

export const createInvalidValues = (document: ContractDocument): InvalidValues => {
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false })
  ajv.addSchema(document, 'contract')
  // A schema may refer to other parts of the contract, so its references must lead there.
  const compile = (schema: Schema) =>
    ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/')) as object)
  return {
    values: (schema) => {
      const validate = compile(schema)
      return candidatesFor(schema).filter(({ value }) => !validate(value))
    },
    texts: (schema) => {
      const validate = compile(schema)
      const titles = new Map<string, string>()
      for (const { title, value } of candidatesFor(schema)) {
        const text = asText(value)
        if (!validate(parsedText(text, schema)) && !titles.has(text)) titles.set(text, title)
      }
      return [...titles].map(([text, title]) => ({ title, text }))
    },
  }
}
