// Writes the type test of a generated client: each schema, body and answer has to be the type that openapi-typescript
// makes of the contract. Two programs that read the contract alike vouch for each other.
import { namesOf, operationsOf } from './contract.mjs'

/** @returns the text, and what each of its lines is about */
export const writeTypeTest = (document, { entry, types }) => {
  const expectations = [...expectSchemas(document), ...operationsOf(document).flatMap(expectOperation(types))]
  const lines = [
    `import type * as Client from './${entry.replace(/(\/index)?\.ts$/, '')}'`,
    "import type { components } from './contract'",
    "import { type Answer, expectSame, type Grouped, type Request } from './same'",
    'export type Used = [Answer<never, never>, Grouped<never, never>, Request<never>]',
  ]
  const subjects = lines.map(() => 'its imports')
  for (const { subject, type, wanted } of expectations) {
    lines.push(`expectSame<${type}, ${wanted}>(true)`)
    subjects.push(subject)
  }
  return { text: `${lines.join('\n')}\n`, subjects, count: expectations.length }
}

const expectSchemas = (document) =>
  namesOf(document).schemas.map((name) => ({
    subject: name,
    type: `Client.${name}`,
    wanted: `components['schemas']['${name}']`,
  }))

const expectOperation =
  (types) =>
  ({ id, takesOnlyBody, success, errors }) => [
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
