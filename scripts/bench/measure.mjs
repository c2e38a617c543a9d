// Measures cases. The report, the chart and the JSON show the results.
import { measureRounds } from './rounds.mjs'
import { ratioSummaryOf, summaryOf } from './statistics.mjs'

/** Measures all cases in one set of rounds.
 * @param cases each `{ id, title, note?, entries, ratios }`, with entries for `measureRounds`. A ratio is `{ of, to,
 * toCase?, atMost?, atLeast?, goal? }`: the CPU time of entry `of` relative to entry `to`, with its target. `toCase`
 * names the case of entry `to` if it is another one
 * @returns the results, one for each case */
export const measureCases = async (cases, { rounds, onRound }) => {
  const all = cases.flatMap(({ id: caseId, entries }) => entries.map((entry) => ({ ...entry, caseId })))
  const measured = await measureRounds(all, { rounds, onRound })
  const costsOf = (caseId, id) =>
    measured
      .find((entry) => entry.caseId === caseId && entry.id === id)
      ?.samples.map(({ cpuMicroseconds }) => cpuMicroseconds)
  return cases.map(({ id, title, note, ratios }) => ({
    id,
    kind: 'load',
    title,
    note,
    entries: measured.filter(({ caseId }) => caseId === id).map(entryResultOf),
    ratios: ratios.flatMap((ratio) => {
      const [costs, others] = [costsOf(id, ratio.of), costsOf(ratio.toCase ?? id, ratio.to)]
      return costs && others ? [ratioResultOf(ratio, ratioSummaryOf(costs, others))] : []
    }),
  }))
}

const entryResultOf = ({ id, name, requests, samples }) => ({
  id,
  name,
  requestsPerRound: requests,
  cpuMicroseconds: summaryOf(samples.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  requestsPerSecond: summaryOf(samples.map(({ requestsPerSecond }) => requestsPerSecond)),
  // Argon2id alone has no requests, so it has no latency.
  ...(samples[0].p50 === undefined
    ? {}
    : {
        p50Milliseconds: summaryOf(samples.map(({ p50 }) => p50)),
        p99Milliseconds: summaryOf(samples.map(({ p99 }) => p99)),
      }),
})

const ratioResultOf = ({ atMost, atLeast, goal, ...ratio }, summary) => {
  if (atMost === undefined && atLeast === undefined) return { ...ratio, ...summary }
  const isMet = summary.median <= (atMost ?? Infinity) && summary.median >= (atLeast ?? 0)
  return { ...ratio, ...summary, target: { atMost, atLeast, goal, isMet } }
}
