import { isDeepStrictEqual } from 'node:util'
import { type ContractDocument, resolve } from '../../contract/document.ts'
import { type ResponseExample, responseExamples } from '../../contract/examples.ts'
import type { Check, Result } from '../check.ts'
import type { Account } from './created-accounts.ts'
import type { Outgoing, Received } from './exchange.ts'
import { type Members, membersOf } from './requests.ts'

/** A request of the run with its response. */
export interface Seen {
  readonly operationId: string | undefined
  readonly outgoing: Outgoing
  readonly response: Received
}

// Only a server that fails or is too slow responds with these, and no request provokes that from outside.
const isOutOfReach = (status: number): boolean => status >= 500 || status === 408

/** What the examples are compared with. */
export interface Evidence {
  readonly document: ContractDocument
  readonly seen: readonly Seen[]
  /** Checks that were left out, so that their responses are missing. */
  readonly skipped: readonly Check[]
  /** Operations whose response to an old log-in is missing, because the run did not wait for it. */
  readonly oldLogInsUnchecked: readonly string[]
  /** The account that was greeted. */
  readonly account: Account | undefined
}

export interface ExampleResults {
  readonly results: readonly Result[]
  /** Examples that no request could provoke, as "operationId status". */
  readonly notProvoked: readonly string[]
}

// RFC 9470, 3; also as a problem's code.
const tellsOfAnOldLogIn = /insufficient[-_]user[-_]authentication/

/** Checks that each example of a response occurred: some response of the operation equalled it, except for the members
 * that vary. If several operations share an example, it must have occurred at one of them. */
export const exampleResults = ({ document, seen, skipped, oldLogInsUnchecked, account }: Evidence): ExampleResults => {
  const varying = varyingMembers(document)
  const exampleName = exampleUsername(document)
  const examples = responseExamples(document)

  // The example greets another username.
  const asInExample = (response: Received): Members =>
    membersOf(
      account === undefined ? response : { ...response, body: response.body.replaceAll(account.username, exampleName) },
    )
  const responsesTo = ({ operationId, status }: ResponseExample): readonly Seen[] =>
    seen.filter((entry) => entry.operationId === operationId && entry.response.status === status)
  const hasOccurred = (example: ResponseExample): boolean =>
    responsesTo(example).some(({ response }) => equals(asInExample(response), example.value, varying))
  const isSkipped = ({ operationId, status }: ResponseExample): boolean =>
    skipped.some((check) => check.operationId === operationId && check.expected === status)

  /** The name of an example that no request could provoke; undefined for any other. */
  const notProvokedName = (example: ResponseExample): string | undefined => {
    const { operationId, status, name, value } = example
    if (responsesTo(example).length === 0 && (isOutOfReach(status) || isSkipped(example)))
      return `${operationId ?? 'any request'} ${status}`
    const isOldLogIn = oldLogInsUnchecked.includes(String(operationId)) && tellsOfAnOldLogIn.test(JSON.stringify(value))
    return isOldLogIn ? `${operationId} ${status} (${name})` : undefined
  }

  const resultOf = (example: ResponseExample): Result => {
    const { operationId, status, name, value } = example
    const responses = responsesTo(example)
    const isFound = responses.length > 0 && examples.some((other) => other.value === value && hasOccurred(other))
    return {
      operationId,
      title: `the example "${name}" of ${status}`,
      broken: isFound ? [] : [difference(responses, value, varying)],
      outgoing: responses[0]?.outgoing,
      status: responses[0]?.response.status,
      seconds: 0,
    }
  }

  return {
    results: examples.filter((example) => notProvokedName(example) === undefined).map(resultOf),
    notProvoked: [...new Set(examples.flatMap((example) => notProvokedName(example) ?? []))],
  }
}

/** Compares a response with the examples for its status, and returns what is wrong. */
export type ExampleRule = (operationId: string | undefined, response: Received) => readonly string[]

export const createExampleRule = (document: ContractDocument): ExampleRule => {
  const varying = varyingMembers(document)
  const examples = responseExamples(document)
  return (operationId, response) => {
    const shown = examples.filter(
      (example) => example.operationId === operationId && example.status === response.status,
    )
    if (shown.length === 0 || shown.some(({ value }) => equals(membersOf(response), value, varying))) return []
    return [`the answer must be as ${shown.map(({ name }) => `the example "${name}"`).join(' or ')} shows`]
  }
}

const difference = (responses: readonly Seen[], value: Members, varying: ReadonlySet<string>): string => {
  if (responses.length === 0) return 'no answer had the status of the example'
  const shown = Object.fromEntries(Object.entries(value).filter(([key]) => !varying.has(key)))
  return `no answer was as the example shows: ${JSON.stringify(shown)}`
}

const equals = (given: Members, shown: Members, varying: ReadonlySet<string>): boolean =>
  isDeepStrictEqual(Object.keys(given).sort(), Object.keys(shown).sort()) &&
  Object.entries(shown).every(([key, value]) =>
    varying.has(key) ? typeof given[key] === typeof value : isDeepStrictEqual(given[key], value),
  )

interface Schemas {
  readonly [name: string]: { readonly properties?: Readonly<Record<string, { readonly $ref: string } | Varying>> }
}

interface Varying {
  readonly 'x-varies'?: boolean
}

/** The names of members that differ from response to response (`x-varies`). */
export const varyingMembers = (document: ContractDocument): ReadonlySet<string> =>
  new Set(
    Object.values(document.components.schemas as Schemas).flatMap(({ properties = {} }) =>
      Object.entries(properties)
        .filter(([, property]) => resolve<Varying>(document, property)['x-varies'] === true)
        .map(([name]) => name),
    ),
  )

const exampleUsername = (document: ContractDocument): string =>
  (document.components.schemas as { readonly Username?: { readonly example?: string } }).Username?.example ?? ''
