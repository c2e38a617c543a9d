// Writes the type test of a generated client. Each schema, request body, response and parameter must have the type that
// openapi-typescript makes of the contract. It is unlikely that two programs make the same mistake.
import type { Generator } from './catalogue.ts'
import { namesOf, type Operation, operationsOf, type Places } from './contract.ts'

/** @returns the text, the subject of each line, and the number of types and of parameters */
export const writeTypeTest = (document: any, { entry, types }: Generator) => {
  const expectations: readonly Expectation[] = [
    ...expectSchemas(document),
    ...operationsOf(document).flatMap(expectOperation(types)),
  ]
  const lines = [
    `import type * as Client from './${entry.replace(/(\/index)?\.ts$/, '')}'`,
    "import type { components } from './contract'",
    "import { type Answer, expectSame, type Grouped, type Parameter, type Request } from './same'",
    'export type Used = [Answer<never, never>, Grouped<never, never>, Parameter<never, never>, Request<never>]',
  ]
  const subjects = lines.map(() => ({ column: 'types', subject: 'its imports' }))
  for (const { column = 'types', subject, type, wanted } of expectations) {
    lines.push(`expectSame<${type}, ${wanted}>(true)`)
    subjects.push({ column, subject })
  }
  const count = (wanted: string): number => expectations.filter(({ column = 'types' }) => column === wanted).length
  return { text: `${lines.join('\n')}\n`, subjects, types: count('types'), parameters: count('parameters') }
}

interface Expectation {
  readonly column?: string
  readonly subject: string
  readonly type: string
  readonly wanted: string
}

const expectSchemas = (document: any): readonly Expectation[] =>
  namesOf(document).schemas.map((name) => ({
    subject: name,
    type: `Client.${name}`,
    wanted: `components['schemas']['${name}']`,
  }))

const expectOperation =
  (types: Generator['types']) =>
  ({ id, takesOnlyBody, parameters, success, errors }: Operation): readonly Expectation[] => [
    ...expectParameters(types, id, parameters),
    ...(takesOnlyBody ? [{ subject: `body of ${id}`, type: types.request(id), wanted: `Request<'${id}'>` }] : []),
    ...types
      .answers(id, { success, errors })
      .filter(({ statuses }) => statuses.length > 0)
      .map(({ statuses, type }) => ({
        subject: `${id} ${statuses.join(', ')}`,
        type,
        wanted: `Answer<'${id}', ${statuses.join(' | ')}>`,
      })),
  ]

const expectParameters = (types: Generator['types'], id: string, parameters: Places): readonly Expectation[] =>
  (['path', 'query'] as const)
    .filter((place) => parameters[place].length > 0)
    .map((place) => ({
      column: 'parameters',
      subject: `${place} of ${id}`,
      type: types[place](id, parameters),
      wanted: `Parameter<'${id}', '${place}'>`,
    }))
