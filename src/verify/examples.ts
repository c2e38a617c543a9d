import { isDeepStrictEqual } from 'node:util'
import { type ContractDocument, resolve } from '../contract/document.ts'
import { type ResponseExample, responseExamples } from '../contract/examples.ts'
import type { Check, Result } from './checks.ts'
import type { Outgoing, Received } from './exchange.ts'
import type { Account } from './ledger.ts'
import { type Members, membersOf } from './requests.ts'

/** A request of the run with its answer. */
export interface Seen {
  readonly operationId: string | undefined
  readonly outgoing: Outgoing
  readonly answer: Received
}

// Only a server that fails or is too slow answers so, and nobody provokes that from outside.
const isOutOfReach = (status: number): boolean => status >= 500 || status === 408

/** What there is to compare. */
export interface Evidence {
  readonly document: ContractDocument
  readonly seen: readonly Seen[]
  /** Checks that were left out, so that their answers did not come. */
  readonly skipped: readonly Check[]
  /** Operations whose answer to an old log-in did not come, since that was not waited for. */
  readonly oldLogInsUnchecked: readonly string[]
  /** The account that was greeted. */
  readonly account: Account | undefined
}

// RFC 9470, 3; in the manner of a problem's code, too.
const tellsOfAnOldLogIn = /insufficient[-_]user[-_]authentication/

/** Whether each example of an answer came about: some answer to the operation was the same, but for the members
 * that vary. Of an example that answers of several operations share, one of these has to be. */
export const exampleResults = ({
  document,
  seen,
  skipped,
  oldLogInsUnchecked,
  account,
}: Evidence): { readonly results: readonly Result[]; readonly notProvoked: readonly string[] } => {
  const isSkipped = ({ operationId, status }: ResponseExample): boolean =>
    skipped.some((check) => check.operationId === operationId && check.expected === status)
  const varying = varyingMembers(document)
  const exampleName = exampleUsername(document)
  // The example greets someone else.
  const asInExample = (answer: Received): Members =>
    membersOf(
      account === undefined ? answer : { ...answer, body: answer.body.replaceAll(account.username, exampleName) },
    )
  const results: Result[] = []
  const notProvoked: string[] = []
  const examples = responseExamples(document)
  const answersTo = ({ operationId, status }: ResponseExample): readonly Seen[] =>
    seen.filter((entry) => entry.operationId === operationId && entry.answer.status === status)
  const isSeen = (example: ResponseExample): boolean =>
    answersTo(example).some(({ answer }) => isAsShown(asInExample(answer), example.value, varying))
  for (const example of examples) {
    const { operationId, status, name, value } = example
    const answers = answersTo(example)
    if (answers.length === 0 && (isOutOfReach(status) || isSkipped(example))) {
      notProvoked.push(`${operationId ?? 'any request'} ${status}`)
      continue
    }
    if (oldLogInsUnchecked.includes(String(operationId)) && tellsOfAnOldLogIn.test(JSON.stringify(value))) {
      notProvoked.push(`${operationId} ${status} (${name})`)
      continue
    }
    const match = answers.length > 0 && examples.some((other) => other.value === value && isSeen(other))
    results.push({
      operationId,
      title: `the example "${name}" of ${status}`,
      broken: match ? [] : [difference(answers, value, varying)],
      outgoing: answers[0]?.outgoing,
      status: answers[0]?.answer.status,
      seconds: 0,
    })
  }
  return { results, notProvoked: [...new Set(notProvoked)] }
}

/** Checks an error answer against the examples of its status: it has to be as one of them shows.
 * Where the contract shows one alone, nothing of the answer may tell what was wrong. */
export const asAnExample = (document: ContractDocument, operationId: string): NonNullable<Check['also']> => {
  const varying = varyingMembers(document)
  const examples = responseExamples(document).filter((example) => example.operationId === operationId)
  return (answer) => {
    const shown = examples.filter(({ status }) => status === answer.status)
    if (shown.length === 0 || shown.some(({ value }) => isAsShown(membersOf(answer), value, varying))) return []
    return [`the answer must be as ${shown.map(({ name }) => `the example "${name}"`).join(' or ')} shows`]
  }
}

const difference = (answers: readonly Seen[], value: Members, varying: ReadonlySet<string>): string => {
  if (answers.length === 0) return 'no answer had the status of the example'
  const shown = Object.fromEntries(Object.entries(value).filter(([key]) => !varying.has(key)))
  return `no answer was as the example shows: ${JSON.stringify(shown)}`
}

const isAsShown = (given: Members, shown: Members, varying: ReadonlySet<string>): boolean =>
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

/** The names of members that differ from answer to answer (`x-varies`). */
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
