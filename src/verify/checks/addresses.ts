import type { Operation, Parameter } from '../../contract/operations.ts'
import type { Change, Check } from '../check.ts'
import type { Context } from '../run/context.ts'
import type { RefusedText } from '../run/invalid-values.ts'
import { exampleFields, examplePath, exampleText } from '../run/parameters.ts'
import type { Fields } from '../run/requests.ts'

// Well below the longest path that servers accept at all.
const maxLength = 4_096

/** Everything that can be wrong with the path and the query of an operation, and what is right. */
export const addressChecks = (operation: Operation, context: Context): readonly Check[] => [
  slashCheck(operation, context),
  ...queryChecks(operation, context),
  ...pathChecks(operation, context),
]

/** A slash at the end makes no difference, unless the contract continues the path with a parameter. */
const slashCheck = (operation: Operation, { document, checksOf }: Context): Check => {
  const withSlash: Change = ({ path }) => ({ path: `${path}/` })
  const leadsToParameter = Object.keys(document.paths).some((other) => other.startsWith(`${operation.path}/{`))
  return leadsToParameter
    ? {
        ...checksOf(operation)(`${operation.path}/, where a parameter is missing`, 404, withSlash),
        operationId: undefined,
      }
    : checksOf(operation)('the path with a slash more', 'success', withSlash)
}

const queryChecks = (operation: Operation, { refusals, checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query')
  const examples = exampleFields(parameters)
  return [
    check('a query parameter that is not declared, twice', 'success', asking(['x-more', '1'], ['x-more', '2'])),
    ...(examples.length > 0
      ? [check(`the query parameters ${examples.map(([name]) => name).join(', ')}`, 'success', asking(...examples))]
      : []),
    ...parameters.flatMap((parameter) => {
      const { name, schema, required } = parameter
      const example = [name, exampleText(parameter) ?? 'text'] as const
      return [
        ...refusals
          .texts(schema)
          .filter(fits)
          .map(({ title, text }) => check(`a ${name} that ${title}`, 400, asking([name, text]))),
        ...boundsOf(parameter).map((bound) =>
          check(`a ${name} of ${bound}, as far as it goes`, 'success', asking([name, bound])),
        ),
        ...(schema.type === 'array' ? [] : [check(`a ${name} that is given twice`, 400, asking(example, example))]),
        ...(required
          ? [check(`a ${name} that is missing`, 400, ({ query }) => ({ query: without(query, name) }))]
          : []),
      ]
    }),
  ]
}

/** A query in which `fields` replace those of the same names. */
const asking =
  (...fields: Fields): Change =>
  ({ query }) => ({ query: [...without(query, ...fields.map(([name]) => name)), ...fields] })

const without = (fields: Fields, ...names: readonly string[]): Fields =>
  fields.filter(([name]) => !names.includes(name))

/** Paths with the examples of parameters, which name nothing of this run, and with what is wrong. */
const pathChecks = (operation: Operation, { refusals, checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'path')
  const at = (name: string, text: string): string => examplePath(operation, { [name]: text })
  return [
    ...parameters.map(({ name }) =>
      check(`a ${name} that is not decodable`, 400, () => ({ path: at(name, 'x').replace(/x(?=$|\/)/, '%ff') })),
    ),
    ...parameters.flatMap(({ name, schema }) =>
      refusals
        .texts(schema)
        .filter((refused) => refused.text !== '' && fits(refused))
        .map(({ title, text }) => check(`a ${name} that ${title}`, 400, () => ({ path: at(name, text) }))),
    ),
    ...(operation.responses.has(404) && parameters.length > 0
      ? [check('a path that leads to nothing', 404, () => ({ path: examplePath(operation) }), { equalsExample: true })]
      : []),
  ]
}

const fits = ({ text }: RefusedText): boolean => encodeURIComponent(text).length <= maxLength

const boundsOf = ({ schema: { minimum, maximum } }: Parameter): readonly string[] =>
  [minimum, maximum].flatMap((bound) => (bound === undefined ? [] : [String(bound)]))
