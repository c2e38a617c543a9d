import type { ContractDocument } from '../contract/document.ts'
import type { Operation, Parameter } from '../contract/operations.ts'
import type { Check, Material } from './checks.ts'
import { asAnExample } from './examples.ts'
import { exampleText, filledPath } from './parameters.ts'
import type { Fields } from './requests.ts'
import { outgoingOf, type Right } from './right-requests.ts'
import { createRefusals } from './values.ts'

// What a server takes as a path at all, with room to spare.
const maxLength = 4_096

/** Everything that can be wrong with the path and the query of an operation, and what is right. */
export const addressChecks = (operation: Operation, material: Material): readonly Check[] => {
  const { document, host, makeRight } = material
  const { id: operationId, parameters, responses } = operation
  const check = (title: string, expected: Check['expected'], change: (right: Right) => Right): Check => ({
    operationId,
    title,
    expected,
    ...(typeof expected === 'number' && expected !== 400 ? { also: asAnExample(document, operationId) } : {}),
    request: async () => outgoingOf(host, change(await makeRight(operation))),
  })
  const queryCheck = (title: string, expected: Check['expected'], fields: Fields): Check =>
    check(title, expected, (right) => withFields(right, fields))
  const refusedTexts = createRefusals(document).texts

  const query = parameters.filter((parameter) => parameter.in === 'query')
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const known = query.flatMap((parameter): Fields => fieldOf(parameter))
  const withSlash = check('the path with a slash more', 'success', (right) => ({ ...right, path: `${right.path}/` }))

  return [
    leadsToParameter(document, operation)
      ? {
          ...withSlash,
          operationId: undefined,
          title: `${operation.path}/, where a parameter is missing`,
          expected: 404,
        }
      : withSlash,
    queryCheck('a query parameter that is not declared, twice', 'success', [
      ['x-more', '1'],
      ['x-more', '2'],
    ]),
    ...(known.length > 0
      ? [queryCheck(`the query parameters ${known.map(([name]) => name).join(', ')}`, 'success', known)]
      : []),
    ...query.flatMap((parameter) => [
      ...refusedTexts(parameter.schema)
        .filter(fits)
        .map(({ title, text }) => queryCheck(`a ${parameter.name} that ${title}`, 400, [[parameter.name, text]])),
      ...boundsOf(parameter).map((bound) =>
        queryCheck(`a ${parameter.name} of ${bound}, as far as it goes`, 'success', [[parameter.name, bound]]),
      ),
      ...(parameter.schema.type === 'array'
        ? []
        : [queryCheck(`a ${parameter.name} that is given twice`, 400, twice(parameter))]),
      ...(parameter.required
        ? [check(`a ${parameter.name} that is missing`, 400, (right) => withoutField(right, parameter.name))]
        : []),
    ]),
    ...inPath.map((parameter) =>
      check(`a ${parameter.name} that is not decodable`, 400, (right) => {
        const undecodable = withPart(right, inPath, { [parameter.name]: 'x' })
        return { ...undecodable, path: undecodable.path.replace(/x(?=$|\/)/, '%ff') }
      }),
    ),
    ...inPath.flatMap((parameter) =>
      refusedTexts(parameter.schema)
        .filter((refused) => refused.text !== '' && fits(refused))
        .map(({ title, text }) =>
          check(`a ${parameter.name} that ${title}`, 400, (right) =>
            withPart(right, inPath, { [parameter.name]: text }),
          ),
        ),
    ),
    ...(responses.has(404) && inPath.length > 0
      ? [check('a path that leads to nothing', 404, (right) => withPart(right, inPath, {}))]
      : []),
  ]
}

/** A slash at the end makes no difference, but where a parameter is to follow it: there is nothing there. */
const leadsToParameter = (document: ContractDocument, { path }: Operation): boolean =>
  Object.keys(document.paths).some((other) => other.startsWith(`${path}/{`))

const fits = ({ text }: { readonly text: string }): boolean => encodeURIComponent(text).length <= maxLength

const fieldOf = (parameter: Parameter): Fields => {
  const text = exampleText(parameter)
  return text === undefined ? [] : [[parameter.name, text]]
}

const twice = (parameter: Parameter): Fields => {
  const field = [parameter.name, exampleText(parameter) ?? 'text'] as const
  return [field, field]
}

const boundsOf = ({ schema: { minimum, maximum } }: Parameter): readonly string[] =>
  [minimum, maximum].flatMap((bound) => (bound === undefined ? [] : [String(bound)]))

/** In place of those of the same name. */
const withFields = (right: Right, fields: Fields): Right => ({
  ...right,
  query: [...right.query.filter(([name]) => fields.every(([other]) => other !== name)), ...fields],
})

const withoutField = (right: Right, name: string): Right => ({
  ...right,
  query: right.query.filter(([other]) => other !== name),
})

/** The path by the examples of its parameters, which lead to nothing of this run, and by what is given. */
const withPart = (right: Right, inPath: readonly Parameter[], given: Readonly<Record<string, string>>): Right => ({
  ...right,
  path: filledPath(right.operation.path, {
    ...Object.fromEntries(inPath.flatMap((parameter) => fieldOf(parameter))),
    ...given,
  }),
})
