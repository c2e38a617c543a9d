// Lists the generators, how each runs, and where its client has the types of the contract. All of them make strings of
// the formats date-time and uuid, as JSON does.
import type { Places } from './contract.ts'

interface Statuses {
  readonly success: readonly string[]
  readonly errors: readonly string[]
}

export interface Generator {
  readonly name: string
  readonly packages: Readonly<Record<string, string>>
  /** The document that the generator reads from the running service. */
  readonly document: string
  readonly config?: { readonly file: string; readonly text: (input: string) => string }
  readonly command: (input: string) => readonly string[]
  /** The usual lines of its output. */
  readonly said: readonly RegExp[]
  /** The module that a user imports. */
  readonly entry: string
  readonly journey: string
  /** False where the generator's own code does not compile with exactOptionalPropertyTypes, whatever the contract
   * is. */
  readonly isExact: boolean
  /** Types in TypeScript, where `Client` is the entry: the body and the parameters of an operation, and the bodies of
   * its responses. */
  readonly types: {
    readonly request: (id: string) => string
    readonly path: (id: string, places: Places) => string
    readonly query: (id: string, places: Places) => string
    readonly answers: (id: string, statuses: Statuses) => readonly Typed[]
  }
}

interface Typed {
  readonly statuses: readonly string[]
  readonly type: string
}

const pascal = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

/** One type for each status. */
const byStatus =
  (type: (status: string) => string) =>
  ({ success, errors }: Statuses): readonly Typed[] =>
    [...success, ...errors].map((status) => ({ statuses: [status], type: type(status) }))

/** The types of functions that take each path parameter, and then the query, as an argument.
 * @param operation the type of a function by its id */
const byPlace = (operation: (id: string) => string): Pick<Generator['types'], 'path' | 'query'> => ({
  path: (id, { path }) => `{ ${path.map((name, i) => `${name}: Parameters<${operation(id)}>[${i}]`).join('; ')} }`,
  query: (id, { path }) => `NonNullable<Parameters<${operation(id)}>[${path.length}]>`,
})

const heyApi: Generator = {
  name: '@hey-api/openapi-ts',
  packages: { '@hey-api/openapi-ts': '0.99.0' },
  document: 'openapi.yaml',
  command: (input) => ['@hey-api/openapi-ts/bin/run.js', '-i', input, '-o', 'client', '-c', '@hey-api/client-fetch'],
  said: [/^@hey-api\/openapi-ts v/, /^\[Job 1\] +(~ Generating\.\.\.|\[1\] .+|✓ .+ files · .+)$/],
  entry: 'client/index.ts',
  journey: 'hey-api.ts',
  isExact: false,
  types: {
    request: (id) => `Client.${pascal(id)}Data['body']`,
    path: (id) => `Client.${pascal(id)}Data['path']`,
    query: (id) => `NonNullable<Client.${pascal(id)}Data['query']>`,
    answers: (id, statuses) => [
      ...byStatus((status) => `Client.${pascal(id)}Responses[${status}]`)({ ...statuses, errors: [] }),
      ...byStatus((status) => `Client.${pascal(id)}Errors[${status}]`)({ ...statuses, success: [] }),
    ],
  },
}

const orval: Generator = {
  name: 'orval',
  packages: { orval: '8.38.0' },
  document: 'openapi.yaml',
  config: {
    file: 'orval.config.mjs',
    text: (input) => {
      const output = { target: 'client/sesame.ts', client: 'fetch', baseUrl: { getBaseUrlFromSpecification: true } }
      return `export default ${JSON.stringify({ sesame: { input, output } })}\n`
    },
  },
  command: () => ['orval/dist/bin/orval.mjs', '--config', 'orval.config.mjs'],
  said: [/^🍻 orval v/, /^sesame - 🎉 /],
  entry: 'client/sesame.ts',
  journey: 'by-status.ts',
  isExact: true,
  types: {
    request: (id) => `Parameters<typeof Client.${id}>[0]`,
    ...byPlace((id) => `typeof Client.${id}`),
    answers: (id, statuses) => byStatus((status) => `Client.${id}Response${status}['data']`)(statuses),
  },
}

const swaggerTypescriptApi: Generator = {
  name: 'swagger-typescript-api',
  packages: { 'swagger-typescript-api': '13.13.0' },
  document: 'openapi.json',
  command: (input) => [
    'swagger-typescript-api/dist/cli.mjs',
    'generate',
    '-p',
    input,
    '-o',
    'client',
    '-n',
    'sesame.ts',
  ],
  said: [/^ℹ (Code generator will use|try to get swagger by|start generating)/, /^✔ api file "sesame\.ts" created/],
  entry: 'client/sesame.ts',
  journey: 'swagger-typescript-api.ts',
  isExact: false,
  types: {
    request: (id) => `Parameters<Grouped<Client.Api<unknown>, '${id}'>>[0]`,
    ...byPlace((id) => `Grouped<Client.Api<unknown>, '${id}'>`),
    answers: (id, { success, errors }) => [
      { statuses: success, type: `Awaited<ReturnType<Grouped<Client.Api<unknown>, '${id}'>>>['data']` },
      { statuses: errors, type: `Awaited<ReturnType<Grouped<Client.Api<unknown>, '${id}'>>>['error']` },
    ],
  },
}

const oazapfts: Generator = {
  name: 'oazapfts',
  packages: { oazapfts: '7.5.0', '@oazapfts/runtime': '1.2.0' },
  // It reads only JSON from a URL.
  document: 'openapi.json',
  command: (input) => ['oazapfts/dist/cli.js', input, 'client/sesame.ts'],
  said: [],
  entry: 'client/sesame.ts',
  journey: 'by-status.ts',
  isExact: false,
  types: {
    request: (id) => `Parameters<typeof Client.${id}>[0]`,
    ...byPlace((id) => `typeof Client.${id}`),
    answers: (id, statuses) =>
      byStatus((status) => `Extract<Awaited<ReturnType<typeof Client.${id}>>, { status: ${status} }>['data']`)(
        statuses,
      ),
  },
}

export const generators: readonly Generator[] = [heyApi, orval, swaggerTypescriptApi, oazapfts]

/** The compiler is pinned, because the generators bring none that all of them accept. */
const compiler = { typescript: '5.9.3' }

/** The packages of all generators, with exact versions. */
export const packages: Readonly<Record<string, string>> = Object.assign(
  {},
  compiler,
  ...generators.map((generator) => generator.packages),
)
