import type { Operation, RequestBody } from '../../contract/operations.ts'
import { wholeSchema } from '../../contract/schema.ts'
import type { Change, Check, CreateCheck } from '../check.ts'
import type { Context } from '../run/context.ts'
import type { Value } from '../run/invalid-values.ts'
import { encode, fieldsOf, json, type Members } from '../run/requests.ts'
import { filled, limits, malformed, otherMediaTypes } from './invalid-bodies.ts'

// For the other members of a body, in bytes.
const spaceForOthers = 2_048

/** Checks of invalid request bodies of an operation, and of its example. */
export const bodyChecks = (operation: Operation, context: Context): readonly Check[] => {
  const { body } = operation
  if (body === undefined) return []
  return [
    ...body.mediaTypes.flatMap((mediaType) => [
      ...memberChecks(operation, body, mediaType, context),
      ...wholeBodyChecks(operation, body, mediaType, context),
    ]),
    ...headerChecks(context.checksOf(operation), body),
  ]
}

/** Adds the media type to the titles of an operation that accepts several. */
const titled =
  (check: CreateCheck, { mediaTypes }: RequestBody, mediaType: string): CreateCheck =>
  (title, ...more) =>
    check(mediaTypes.length > 1 ? `${title} (${mediaType})` : title, ...more)

/** The status for a body that the schema refuses: 422 if the operation declares it. */
const invalidStatus = ({ responses }: Operation): number => (responses.has(422) ? 422 : 400)

type MediaTypeChecks = (
  operation: Operation,
  requestBody: RequestBody,
  mediaType: string,
  context: Context,
) => readonly Check[]

const memberChecks: MediaTypeChecks = (
  operation,
  requestBody,
  mediaType,
  { document, invalidValues, logIn, checksOf },
) => {
  const check = titled(checksOf(operation), requestBody, mediaType)
  const invalid = invalidStatus(operation)
  const isForm = mediaType !== json
  const { properties: declared = {}, required: demanded = [] } = requestBody.schema
  const properties = Object.entries(declared).map(([name, schema]) => [name, wholeSchema(document, schema)] as const)
  const examples = Object.fromEntries(properties.map(([name, { example }]) => [name, example]))
  // A token request also needs a name and a password (RFC 6749, 4.3.2).
  const required = operation.path === logIn.path ? ['username', 'password'] : demanded
  const having =
    (members: Members): Change =>
    ({ body }) => ({ encoded: encode(mediaType, { ...body, ...members }) })
  const twice =
    (name: string, text: string): Change =>
    ({ body }) => ({ encoded: encode(mediaType, [...fieldsOf({ [name]: text, ...body }), [name, text]]) })
  return [
    check('the example of the body', 'success', having({})),
    check('a body with the examples of all members', 'success', ({ body }) => ({
      encoded: encode(mediaType, { ...examples, ...body }),
    })),
    check('a body with an undeclared member', 'success', having({ 'x-more': 'more' })),
    ...required.map((name) => check(`a body whose ${name} is missing`, invalid, having({ [name]: undefined }))),
    ...properties.flatMap(([name, property]) =>
      invalidValues
        .values(property)
        .filter((value) => !isForm || isWrongField(value, required.includes(name)))
        .filter(fits(requestBody, mediaType))
        .map(({ title, value }) => check(`a body whose ${name} ${title}`, invalid, having({ [name]: value }))),
    ),
    ...(isForm ? properties : []).map(([name, { example }]) =>
      check(`a body whose ${name} is given twice`, invalid, twice(name, textOf(example))),
    ),
  ]
}

const wholeBodyChecks: MediaTypeChecks = (operation, requestBody, mediaType, { invalidValues, checksOf }) => {
  const check = titled(checksOf(operation), requestBody, mediaType)
  const values = mediaType === json ? invalidValues.values(requestBody.schema) : []
  return [
    ...values
      .filter(({ title }) => title.startsWith('is '))
      .map(({ title, value }) =>
        check(`a body that ${title}`, invalidStatus(operation), () => ({ encoded: encode(mediaType, value) })),
      ),
    ...malformed(mediaType).map(({ title, body }) => check(title, 400, () => ({ encoded: body }))),
    ...limits(operation, mediaType).map(({ title, expected, size }) =>
      check(title, expected, ({ body }) => ({ encoded: encode(mediaType, filled(mediaType, body, size)) })),
    ),
  ]
}

/** Checks of the headers that describe the body. */
const headerChecks = (check: CreateCheck, { mediaTypes }: RequestBody): readonly Check[] => {
  const [first = ''] = mediaTypes
  const declaredAs =
    (mediaType: string | undefined): Change =>
    ({ body }) => ({ encoded: { ...encode(first, body), mediaType } })
  return [
    ...otherMediaTypes(mediaTypes).map((mediaType) =>
      check(
        mediaType ? `a body of the media type ${mediaType}` : 'a body without a media type',
        415,
        declaredAs(mediaType),
      ),
    ),
    check('a body with the charset UTF-8', 'success', declaredAs(`${first}; charset=UTF-8`)),
    check('a body in another charset', 415, declaredAs(`${first}; charset=iso-8859-1`)),
    check('a body with a Content-Encoding', 415, ({ headers }) => ({
      headers: [...headers, ['Content-Encoding', 'gzip']],
    })),
  ]
}

/** A form contains only texts, and an empty field counts as absent (RFC 6749, 3.2). */
const isWrongField = ({ value }: Value, isRequired: boolean): boolean =>
  typeof value === 'string' && (value !== '' || isRequired)

/** Whether a body with this value stays below the size limit. */
const fits =
  ({ limitBytes = Infinity }: RequestBody, mediaType: string) =>
  ({ value }: Value): boolean =>
    typeof value !== 'string' || encode(mediaType, { value }).bytes.length + spaceForOthers <= limitBytes

const textOf = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : 'text')
