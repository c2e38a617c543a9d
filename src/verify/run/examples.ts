import { isDeepStrictEqual } from 'node:util'
import { type ContractDocument, resolve } from '../../contract/document.ts'
import { type ResponseExample, responseExamples } from '../../contract/examples.ts'
import type { Check, Result } from '../check.ts'
import type { Account } from './created-accounts.ts'
import type { Outgoing, Received } from './exchange.ts'
import { type Members, membersOf } from './requests.ts'

/** A request of the run, and its response. */
export interface Seen {
  readonly operationId: string | undefined
  readonly outgoing: Outgoing
  readonly response: Received
}

// Only a failing or slow server responds with these statuses, so no request can provoke them.
const isServerTrouble = (status: number): boolean => status >= 500 || status === 408

/** The responses of a run, which are compared with the examples. */
export interface RunResponses {
  readonly document: ContractDocument
  readonly seen: readonly Seen[]
  /** Checks that were skipped, so their responses are missing. */
  readonly skipped: readonly Check[]
  /** Operations whose check of an old log-in was skipped. */
  readonly oldLogInsUnchecked: readonly string[]
  /** The account that readProtected greeted. */
  readonly account: Account | undefined
}

export interface ExampleResults {
  readonly results: readonly Result[]
  /** Examples that no request provoked, as "operationId status". */
  readonly notProvoked: readonly string[]
}

// The error of RFC 9470, 3, and the code in the problem document.
const oldLogInPattern = /insufficient[-_]user[-_]authentication/

/** Checks that a response of the operation equalled each example, except for the members that vary. If several
 * operations share an example, one of them is enough. */
export const exampleResults = ({
  document,
  seen,
  skipped,
  oldLogInsUnchecked,
  account,
}: RunResponses): ExampleResults => {
  const varying = varyingMembers(document)
  const exampleName = exampleUsername(document)
  const examples = responseExamples(document)

  // The example contains another username.
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

  /** The name of an example if no request could provoke it; undefined for any other example. */
  const notProvokedName = (example: ResponseExample): string | undefined => {
    const { operationId, status, name, value } = example
    if (responsesTo(example).length === 0 && (isServerTrouble(status) || isSkipped(example)))
      return `${operationId ?? 'any request'} ${status}`
    const isOldLogIn = oldLogInsUnchecked.includes(String(operationId)) && oldLogInPattern.test(JSON.stringify(value))
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

/** Compares a response with the examples for its status. Returns the broken rule, if there is one. */
export type ExampleRule = (operationId: string | undefined, response: Received) => readonly string[]

export const createExampleRule = (document: ContractDocument): ExampleRule => {
  const varying = varyingMembers(document)
  const examples = responseExamples(document)
  return (operationId, response) => {
    const shown = examples.filter(
      (example) => example.operationId === operationId && example.status === response.status,
    )
    if (shown.length === 0 || shown.some(({ value }) => equals(membersOf(response), value, varying))) return []
    return [`the response must equal ${shown.map(({ name }) => `the example "${name}"`).join(' or ')}`]
  }
}

const difference = (responses: readonly Seen[], value: Members, varying: ReadonlySet<string>): string => {
  if (responses.length === 0) return 'no response had the status of the example'
  const shown = Object.fromEntries(Object.entries(value).filter(([key]) => !varying.has(key)))
  return `no response equalled the example: ${JSON.stringify(shown)}`
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
