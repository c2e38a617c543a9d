import junit, { type Builder } from 'junit-report-builder'
import type { ContractDocument } from '../contract/document.ts'
import { type Operation, operationsOf, unmatchedResponses } from '../contract/operations.ts'
import type { Result } from './check.ts'
import { asCurl } from './curl.ts'
import type { Verification } from './verify.ts'

const unmatched = '(no operation)'

/** The report for a person: the failures, the statuses received, the broken rules, and a summary. */
export const textReport = (document: ContractDocument, baseUrl: URL, verification: Verification): string => {
  const { results } = verification
  const failures = results.filter(hasFailed)
  return [
    ...failures.flatMap((result) => [...failureLines(baseUrl, result), '']),
    ...statusTable(document, results),
    '',
    ...(failures.length > 0 ? [...ruleTable(failures), ''] : []),
    ...summary(baseUrl, verification, failures.length),
  ].join('\n')
}

const hasFailed = ({ broken }: Result): boolean => broken.length > 0

const nameOf = (operationId: string | undefined): string => operationId ?? unmatched

const failureLines = (baseUrl: URL, { operationId, title, broken, outgoing }: Result): readonly string[] => [
  `FAILED  ${nameOf(operationId)}: ${title}`,
  ...broken.map((rule) => `        ${rule}`),
  ...(outgoing === undefined ? [] : [`        ${asCurl(baseUrl, outgoing)}`]),
]

/** Counts the responses by operation and status. A declared status that no response had is shown as `-`. */
const statusTable = (document: ContractDocument, results: readonly Result[]): readonly string[] => {
  const rows = [
    ...operationsOf(document).map(({ id, responses }) => [id, responses] as const),
    [undefined, unmatchedResponses(document)] as const,
  ]
  const statusesOf = (id: string | undefined): readonly number[] =>
    results.flatMap(({ operationId, status }) => (operationId === id && status !== undefined ? [status] : []))
  const statuses = [...new Set([...rows.flatMap(([id, responses]) => [...responses.keys(), ...statusesOf(id)])])].sort(
    (a, b) => a - b,
  )
  const cell = (id: string | undefined, responses: Operation['responses'], status: number): string => {
    const count = statusesOf(id).filter((other) => other === status).length
    const isDeclared = responses.has(status)
    return count > 0 ? `${count}${isDeclared ? '' : '!'}` : isDeclared ? '-' : ''
  }
  const table = rows.map(([id, responses]) => [nameOf(id), ...statuses.map((status) => cell(id, responses, status))])
  return [
    ...columns([['responses', ...statuses.map(String)], ...table]),
    '(-: declared, but not received; !: not declared)',
  ]
}

/** Counts how often each rule was broken, the highest count first. */
const ruleTable = (failures: readonly Result[]): readonly string[] => {
  const counts = new Map<string, number>()
  for (const rule of failures.flatMap(({ broken }) => broken)) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  const rows = [...counts].sort(([, a], [, b]) => b - a).map(([rule, count]) => `${String(count).padStart(5)}  ${rule}`)
  return ['times  broken rule', ...rows]
}

const columns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

const summary = (baseUrl: URL, verification: Verification, failed: number): readonly string[] => {
  const { results, accounts, notProvoked, isExpiryChecked, oldLogInsUnchecked, seconds } = verification
  return [
    ...(notProvoked.length > 0
      ? [
          `Not provoked, because only a failing server responds so, or because the check was skipped: ${notProvoked.join(', ')}.`,
        ]
      : []),
    ...(isExpiryChecked
      ? []
      : [
          'Expiry not checked, because tokens live longer than the run waits. Pass an expired one: --expired-token TOKEN',
        ]),
    ...(oldLogInsUnchecked.length > 0
      ? [
          `Old log-ins not checked for ${oldLogInsUnchecked.join(', ')}, because the run does not wait until a log-in is too old.`,
        ]
      : []),
    ...accountLines(accounts),
    `${results.length} checks of ${baseUrl.href} in ${seconds.toFixed(1)} s: ${results.length - failed} passed, ${failed} failed.`,
  ]
}

const shownNames = 5

/** The number of accounts, and the reasons why some remain. */
const accountLines = ({ prefix, signedUp, deleted, staying }: Verification['accounts']): readonly string[] => [
  `Signed up ${signedUp} accounts named ${prefix}...; deleted ${deleted} of them.`,
  ...staying.map(({ reason, names }) => {
    const more = names.length > shownNames ? `, and ${names.length - shownNames} more` : ''
    return `${names.length} remain, because ${reason}: ${names.slice(0, shownNames).join(', ')}${more}.`
  }),
]

/** The report for machines: JUnit XML with a suite for each operation. */
export const junitReport = (baseUrl: URL, results: readonly Result[]): string => {
  // The types of the package declare a default export, but the CommonJS module exports the builder itself.
  const builder = (junit as unknown as Builder).newBuilder()
  for (const name of new Set(results.map(({ operationId }) => nameOf(operationId)))) {
    const suite = builder.testSuite().name(name)
    const cases = results.filter(({ operationId }) => nameOf(operationId) === name)
    for (const { title, broken, outgoing, seconds } of cases) {
      const testCase = suite
        .testCase()
        .className(name)
        .name(title)
        .time(Math.round(seconds * 1000) / 1000)
      if (broken.length === 0) continue
      const request = outgoing === undefined ? '' : asCurl(baseUrl, outgoing)
      testCase.failure(broken.join('\n'), 'contract').stacktrace([...broken, request].join('\n'))
    }
  }
  return builder.build()
}
