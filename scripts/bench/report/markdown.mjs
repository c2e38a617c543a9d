// Renders the cases of a run as Markdown tables.
import { figure, ratio, withSpread } from './figures.mjs'

export const renderCases = ({ cases }) => cases.map((each) => renderCase(each, cases)).join('\n')

/** Describes the place and time of the run, and its versions. */
export const renderRun = ({ machine, versions, commit, date, rounds }) => {
  const { cpu, cores, memoryGib, system, pinned } = machine
  const pinning = pinned
    ? `The servers ran on core ${pinned.servers.join(', ')}, the load generator on core ${pinned.generator}.`
    : 'The system placed the servers and the load generator on the cores.'
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `Commit ${commit}, ${date.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGib} GiB, ${system}. ${pinning}`,
    `Figures of requests are medians of ${rounds} interleaved rounds, with the lowest and the highest round in parentheses.`,
    `Versions: ${names.join(', ')}.`,
  ].join('\n')
}

export const renderLeftOut = ({ leftOut }) =>
  leftOut.map(({ what, remedy }) => `Left out: ${what} (${remedy}).`).join('\n')

const renderCase = (each, cases) => {
  const lines = [`### ${each.title}`, '', ...(each.note ? [each.note, ''] : [])]
  const rows = each.kind === 'load' ? loadRows(each) : figureRows(each)
  return `${[...lines, table(rows), ...ratioLines(each, cases)].join('\n')}\n`
}

const table = ([head, ...rows]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const loadRows = ({ entries }) => [
  ['', 'CPU µs / request', 'requests / s', 'p50 ms', 'p99 ms'],
  ...entries.map(({ name, cpuMicroseconds, requestsPerSecond, p50Milliseconds, p99Milliseconds }) => [
    name,
    withSpread(cpuMicroseconds),
    withSpread(requestsPerSecond),
    p50Milliseconds ? withSpread(p50Milliseconds) : '',
    p99Milliseconds ? withSpread(p99Milliseconds) : '',
  ]),
]

const figureRows = ({ unit, entries }) => [
  ['', unit],
  ...entries.map((entry) => [entry.name, entry.lowest === undefined ? figure(entry.median) : withSpread(entry)]),
]

/** Renders a line for each ratio, with its target. */
const ratioLines = ({ entries, ratios = [] }, cases) => {
  if (ratios.length === 0) return []
  const lines = ratios.map((each) => {
    const other = each.toCase && cases.find(({ id }) => id === each.toCase)
    const nameIn = (list, id) => list.find((entry) => entry.id === id).name
    const to = `${nameIn((other ?? { entries }).entries, each.to)}${other ? `, ${other.title}` : ''}`
    return `- ${nameIn(entries, each.of)} ÷ ${to}: **${ratio(each.median)}** ${spreadOf(each)}${targetOf(each)}`
  })
  return ['', 'CPU time, round by round:', '', ...lines]
}

const spreadOf = ({ lowest, highest }) => `(${ratio(lowest)} – ${ratio(highest)})`

const targetOf = ({ median, target }) => {
  if (!target) return ''
  const { atMost, atLeast, goal, isMet } = target
  const limit = atMost === undefined ? `at least ${ratio(atLeast)}` : `at most ${ratio(atMost)}`
  const reached = goal === undefined ? '' : `; goal ${ratio(goal)}: ${median <= goal ? 'met' : 'missed'}`
  return `; target ${limit}: ${isMet ? 'met' : 'missed'}${reached}`
}
