import type { Operation, RequestBody } from '../../contract/operations.ts'
import { wholeSchema } from '../../contract/schema.ts'
import type { Change, Check, StateCheck } from '../check.ts'
import type { Context } from '../run/context.ts'
import type { Value } from '../run/invalid-values.ts'
import { encode, fieldsOf, json, type Members } from '../run/requests.ts'
import { filled, limits, malformed, otherMediaTypes } from './invalid-bodies.ts'

// Room for the other members of a body.
const spaceForOthers = 2_048

/** Everything that can be wrong with the body of an operation, and its example, which is right. */
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

/** The titles of an operation that takes several media types tell them apart. */
const titled =
  (check: StateCheck, { mediaTypes }: RequestBody, mediaType: string): StateCheck =>
  (title, ...more) =>
    check(mediaTypes.length > 1 ? `${title} (${mediaType})` : title, ...more)

/** The status for a body that the schema refuses: 422 where the operation declares that. */
const invalidStatus = ({ responses }: Operation): number => (responses.has(422) ? 422 : 400)

type MediaTypeChecks = (
  operation: Operation,
  requestBody: RequestBody,
  mediaType: string,
  context: Context,
) => readonly Check[]

const memberChecks: MediaTypeChecks = (operation, requestBody, mediaType, { document, refusals, logIn, checksOf }) => {
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
    check('a body with all members, each with its example', 'success', ({ body }) => ({
      encoded: encode(mediaType, { ...examples, ...body }),
    })),
    check('a body with a member that is not declared', 'success', having({ 'x-more': 'more' })),
    ...required.map((name) => check(`a body whose ${name} is missing`, invalid, having({ [name]: undefined }))),
    ...properties.flatMap(([name, property]) =>
      refusals
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

const wholeBodyChecks: MediaTypeChecks = (operation, requestBody, mediaType, { refusals, checksOf }) => {
  const check = titled(checksOf(operation), requestBody, mediaType)
  const values = mediaType === json ? refusals.values(requestBody.schema) : []
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

/** What the headers say about the body. */
const headerChecks = (check: StateCheck, { mediaTypes }: RequestBody): readonly Check[] => {
  const [first = ''] = mediaTypes
  const declaredAs =
    (mediaType: string | undefined): Change =>
    ({ body }) => ({ encoded: { ...encode(first, body), mediaType } })
  return [
    ...otherMediaTypes(mediaTypes).map((mediaType) =>
      check(`a body of the media type ${mediaType ?? 'of none'}`, 415, declaredAs(mediaType)),
    ),
    check('a body whose charset is given', 'success', declaredAs(`${first}; charset=UTF-8`)),
    check('a body in another charset', 415, declaredAs(`${first}; charset=iso-8859-1`)),
    check('a body with a Content-Encoding', 415, ({ headers }) => ({
      headers: [...headers, ['Content-Encoding', 'gzip']],
    })),
  ]
}

/** In a form only texts can be wrong, and an empty field counts as absent (RFC 6749, 3.2). */
const isWrongField = ({ value }: Value, isRequired: boolean): boolean =>
  typeof value === 'string' && (value !== '' || isRequired)

/** Whether a value is small enough that the body is not refused as too large. */
const fits =
  ({ limitBytes = Infinity }: RequestBody, mediaType: string) =>
  ({ value }: Value): boolean =>
    typeof value !== 'string' || encode(mediaType, { value }).bytes.length + spaceForOthers <= limitBytes

const textOf = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : 'text')
