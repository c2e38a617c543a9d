// Compares an import with the contract: an importer must keep every request, its body and its authentication.
import { isDeepStrictEqual } from 'node:util'
import yaml from 'js-yaml'
import { readRequests } from '../../../scripts/generate/collections/requests.mjs'
import { toRun } from '../../../scripts/generate/collections/run.mjs'

export interface ExpectedRequest {
  readonly name: string
  readonly requiresToken: boolean
  /** The parameters that have examples. */
  readonly query: readonly string[]
  /** The parameters that are copied from earlier responses. */
  readonly linked: readonly { readonly path: string; readonly keys: readonly string[]; readonly name: string }[]
  /** The body of the example. */
  readonly body: Readonly<Record<string, unknown>> | undefined
}

export interface Expected {
  readonly requests: readonly ExpectedRequest[]
  /** The names in the order of a run. */
  readonly run: readonly string[]
  readonly credentials: Readonly<Record<string, string>>
  readonly tokenUrl: string
}

/** A request as an importer has read it. Its body may have more members than the example. */
export interface ImportedRequest {
  readonly name: string
  readonly body?: any
  readonly auth?: unknown
}

/** Reads what an import must contain.
 * @param text of an OpenAPI document */
export const readExpected = (text: string): Expected => {
  const { requests, credentials, tokenUrl } = readRequests(yaml.load(text))
  const links = requests.flatMap(({ path, keeps }) => keeps.map((link) => ({ ...link, path })))
  return {
    credentials,
    tokenUrl,
    run: toRun(requests).map(({ name }) => name),
    requests: requests.map(({ id, name, query, body, requiresToken }) => ({
      name,
      requiresToken,
      query: query.map((parameter) => parameter.name),
      linked: links.filter(({ operationId }) => operationId === id),
      body: body ? mapValues(body.value, (value) => asInExample(value, credentials)) : undefined,
    })),
  }
}

const mapValues = (object: object, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))

const asInExample = (value: unknown, credentials: Readonly<Record<string, string>>): unknown =>
  credentials[/^\{\{(\w+)\}\}$/.exec(String(value))?.[1] ?? ''] ?? value

/** Lists the faults of an import, one line each. */
export const findFaults = (
  { requests, tokenUrl }: Pick<Expected, 'requests' | 'tokenUrl'>,
  imported: readonly ImportedRequest[],
): readonly string[] => [
  ...(imported.length === requests.length ? [] : [`${imported.length} requests instead of ${requests.length}`]),
  ...requests.flatMap(({ name, body, requiresToken }) => {
    const found = imported.find((request) => request.name === name)
    const expectedAuth = requiresToken ? { flow: 'password', tokenUrl } : undefined
    return [
      ...(found === undefined ? [`"${name}" is missing`] : []),
      ...(found && !isFilled(found.body, body) ? [`"${name}" has the body ${JSON.stringify(found.body)}`] : []),
      ...(found && !isDeepStrictEqual(found.auth, expectedAuth)
        ? [`"${name}" has the authorization ${JSON.stringify(found.auth)}`]
        : []),
    ]
  }),
]

const isFilled = (found: any, expected: ExpectedRequest['body']): boolean =>
  Object.entries(expected ?? {}).every(([name, value]) => isDeepStrictEqual(found?.[name], value))
