// Writes the type test of a generated client: each schema, body, answer and
// parameter has to be the type that openapi-typescript
// makes of the contract. Two programs that read the contract alike vouch for each other.
import { namesOf, operationsOf } from './contract.mjs'

/** @returns the text, what each of its lines is about, and how many there are for each column of the proof */
export const writeTypeTest = (document, { entry, types }) => {
  const expectations = [...expectSchemas(document), ...operationsOf(document).flatMap(expectOperation(types))]
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
  const count = (wanted) => expectations.filter(({ column = 'types' }) => column === wanted).length
  return { text: `${lines.join('\n')}\n`, subjects, types: count('types'), parameters: count('parameters') }
}

const expectSchemas = (document) =>
  namesOf(document).schemas.map((name) => ({
    subject: name,
    type: `Client.${name}`,
    wanted: `components['schemas']['${name}']`,
  }))

const expectOperation =
  (types) =>
  ({ id, takesOnlyBody, parameters, success, errors }) => [
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

const expectParameters = (types, id, parameters) =>
  ['path', 'query']
    .filter((place) => parameters[place].length > 0)
    .map((place) => ({
      column: 'parameters',
      subject: `${place} of ${id}`,
      type: types[place](id, parameters),
      wanted: `Parameter<'${id}', '${place}'>`,
    }))
