import type { Operation } from '../contract/operations.ts'
import { type Schema, wholeSchema } from '../contract/schema.ts'
import { type Check, invalidBodyStatus, type Material } from './checks.ts'
import type { Headers } from './exchange.ts'
import { filled, limits, malformed, otherMediaTypes } from './odd-bodies.ts'
import { type Encoded, encode, type Fields, json, type Members } from './requests.ts'
import { outgoingOf } from './right-requests.ts'
import { createRefusals, type Value } from './values.ts'

// Of a body, for its other members.
const spaceForOthers = 2_048

/** Everything that can be wrong with the body of an operation, and its example, which is right. */
export const bodyChecks = (operation: Operation, material: Material): readonly Check[] => {
  const { id } = operation
  if (operation.body === undefined) return []
  const { document, session, host, makeRight } = material
  const refusedValues = createRefusals(document).values

  /** A check that sends a body made of one that is right. */
  const check = (
    title: string,
    expected: Check['expected'],
    body: (right: Members) => Encoded,
    headers: Headers = [],
  ): Check => ({
    operationId: id,
    title,
    expected,
    request: async () => {
      const right = await makeRight(operation)
      const outgoing = outgoingOf(host, right, { body: body(right.body as Members) })
      return { ...outgoing, headers: [...outgoing.headers, ...headers] }
    },
  })

  const { mediaTypes, schema } = operation.body
  const [first = ''] = mediaTypes
  const properties = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => [name, wholeSchema(document, property)] as const,
  )
  // A token request needs a name and a password besides (RFC 6749, 4.3.2).
  const isLogIn = operation.path === session.logIn.path
  const required = isLogIn ? ['username', 'password'] : (schema.required ?? [])
  const invalid = invalidBodyStatus(operation)

  const perMediaType = mediaTypes.flatMap((mediaType): readonly Check[] => {
    const isForm = mediaType !== json
    const titled = (title: string): string => (mediaTypes.length > 1 ? `${title} (${mediaType})` : title)
    return [
      check(titled('the example of the body'), 'success', (right) => encode(mediaType, right)),
      check(titled('a body with all members, each with its example'), 'success', (right) =>
        encode(mediaType, { ...examplesOf(properties), ...right }),
      ),
      check(titled('a body with a member that is not declared'), 'success', (right) =>
        encode(mediaType, { ...right, 'x-more': 'more' }),
      ),
      ...required.map((name) =>
        check(titled(`a body whose ${name} is missing`), invalid, (right) => encode(mediaType, without(right, name))),
      ),
      ...properties.flatMap(([name, property]) =>
        wrongMembers(refusedValues(property), isForm, required.includes(name))
          .filter(fits(operation, mediaType))
          .map(({ title, value }) =>
            check(titled(`a body whose ${name} ${title}`), invalid, (right) =>
              encode(mediaType, { ...right, [name]: value }),
            ),
          ),
      ),
      ...(isForm
        ? properties.map(([name, { example: value }]) =>
            check(titled(`a body whose ${name} is given twice`), invalid, (right) =>
              encode(mediaType, [...fieldsOf({ [name]: textOf(value), ...right }), [name, textOf(value)]]),
            ),
          )
        : wholeBodies(schema, refusedValues).map(({ title, value }) =>
            check(`a body that ${title}`, invalid, () => encode(mediaType, value)),
          )),
      ...malformed(mediaType).map(({ title, body }) => check(titled(title), 400, () => body)),
      ...limits(operation, mediaType).map(({ title, expected, filler }) =>
        check(titled(title), expected, (right) => encode(mediaType, filled(mediaType, right, filler))),
      ),
    ]
  })

  return [
    ...perMediaType,
    ...otherMediaTypes(mediaTypes).map((mediaType) =>
      check(`a body of the media type ${mediaType ?? 'of none'}`, 415, (right) => ({
        mediaType,
        bytes: encode(first, right).bytes,
      })),
    ),
    check('a body whose charset is given', 'success', (right) => {
      const { mediaType = '', bytes } = encode(first, right)
      return { mediaType: `${mediaType}; charset=UTF-8`, bytes }
    }),
    check('a body in another charset', 415, (right) => {
      const { mediaType = '', bytes } = encode(first, right)
      return { mediaType: `${mediaType}; charset=iso-8859-1`, bytes }
    }),
    check('a body with a Content-Encoding', 415, (right) => encode(first, right), [['Content-Encoding', 'gzip']]),
  ]
}

/** Of a form only texts can be wrong, and an empty field is one that is absent (RFC 6749, 3.2). */
const wrongMembers = (values: readonly Value[], isForm: boolean, isRequired: boolean): readonly Value[] =>
  isForm ? values.filter(({ value }) => typeof value === 'string' && (value !== '' || isRequired)) : values

const wholeBodies = (schema: Schema, refusedValues: (schema: Schema) => readonly Value[]): readonly Value[] =>
  refusedValues(schema).filter(({ title }) => title.startsWith('is '))

/** Whether a value is small enough not to be refused as too large a body. */
const fits =
  (operation: Operation, mediaType: string) =>
  ({ value }: Value): boolean =>
    typeof value !== 'string' ||
    encode(mediaType, { value }).bytes.length + spaceForOthers <= (operation.body?.limitBytes ?? Infinity)

const textOf = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : 'text')

const examplesOf = (properties: readonly (readonly [string, Schema])[]): Members =>
  Object.fromEntries(properties.flatMap(([name, { example }]) => (example === undefined ? [] : [[name, example]])))

const without = (members: Members, name: string): Members =>
  Object.fromEntries(Object.entries(members).filter(([other]) => other !== name))

const fieldsOf = (members: Members): Fields => Object.entries(members as Readonly<Record<string, string>>)
