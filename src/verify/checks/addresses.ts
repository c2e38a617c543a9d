import type { Operation, Parameter } from '../../contract/operations.ts'
import type { Change, Check } from '../check.ts'
import type { Context } from '../run/context.ts'
import type { InvalidText } from '../run/invalid-values.ts'
import { exampleFields, examplePath, exampleText } from '../run/parameters.ts'
import type { Fields } from '../run/requests.ts'

// Well below the longest path that servers accept.
const maxLength = 4_096

/** Checks of valid and invalid paths and queries of an operation. */
export const addressChecks = (operation: Operation, context: Context): readonly Check[] => [
  slashCheck(operation, context),
  ...queryChecks(operation, context),
  ...pathChecks(operation, context),
]

/** A trailing slash makes no difference, unless the contract continues the path with a parameter. */
const slashCheck = (operation: Operation, { document, checksOf }: Context): Check => {
  const withSlash: Change = ({ path }) => ({ path: `${path}/` })
  const leadsToParameter = Object.keys(document.paths).some((other) => other.startsWith(`${operation.path}/{`))
  return leadsToParameter
    ? {
        ...checksOf(operation)(`${operation.path}/ without its last parameter`, 404, withSlash),
        operationId: undefined,
      }
    : checksOf(operation)('the path with a trailing slash', 'success', withSlash)
}

const queryChecks = (operation: Operation, { invalidValues, checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query')
  const examples = exampleFields(parameters)
  return [
    check('an undeclared query parameter, given twice', 'success', withQueryFields(['x-more', '1'], ['x-more', '2'])),
    ...(examples.length > 0
      ? [
          check(
            `the query parameters ${examples.map(([name]) => name).join(', ')}`,
            'success',
            withQueryFields(...examples),
          ),
        ]
      : []),
    ...parameters.flatMap((parameter) => {
      const { name, schema, required } = parameter
      const example = [name, exampleText(parameter) ?? 'text'] as const
      return [
        ...invalidValues
          .texts(schema)
          .filter(fits)
          .map(({ title, text }) => check(`a ${name} that ${title}`, 400, withQueryFields([name, text]))),
        ...boundsOf(parameter).map((bound) =>
          check(`a ${name} of ${bound}, at the end of its range`, 'success', withQueryFields([name, bound])),
        ),
        ...(schema.type === 'array'
          ? []
          : [check(`a ${name} that is given twice`, 400, withQueryFields(example, example))]),
        ...(required
          ? [check(`a ${name} that is missing`, 400, ({ query }) => ({ query: without(query, name) }))]
          : []),
      ]
    }),
  ]
}

/** Replaces the query fields that have the same names. */
const withQueryFields =
  (...fields: Fields): Change =>
  ({ query }) => ({ query: [...without(query, ...fields.map(([name]) => name)), ...fields] })

const without = (fields: Fields, ...names: readonly string[]): Fields =>
  fields.filter(([name]) => !names.includes(name))

/** Paths with invalid parameters, and with the examples of parameters, which do not exist on the server. */
const pathChecks = (operation: Operation, { invalidValues, checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'path')
  const at = (name: string, text: string): string => examplePath(operation, { [name]: text })
  return [
    ...parameters.map(({ name }) =>
      check(`a ${name} with invalid percent-encoding`, 400, () => ({
        path: at(name, 'x').replace(/x(?=$|\/)/, '%ff'),
      })),
    ),
    ...parameters.flatMap(({ name, schema }) =>
      invalidValues
        .texts(schema)
        .filter((refused) => refused.text !== '' && fits(refused))
        .map(({ title, text }) => check(`a ${name} that ${title}`, 400, () => ({ path: at(name, text) }))),
    ),
    ...(operation.responses.has(404) && parameters.length > 0
      ? [
          check('a resource that does not exist', 404, () => ({ path: examplePath(operation) }), {
            equalsExample: true,
          }),
        ]
      : []),
  ]
}

const fits = ({ text }: InvalidText): boolean => encodeURIComponent(text).length <= maxLength

const boundsOf = ({ schema: { minimum, maximum } }: Parameter): readonly string[] =>
  [minimum, maximum].flatMap((bound) => (bound === undefined ? [] : [String(bound)]))
