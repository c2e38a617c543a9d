// Runs the chosen benches one after the other, and returns the document of the run.
import { openGenerator } from './load/open-generator.mjs'
import { describeCommit, describeMachine, describeVersions } from './machine.mjs'
import { findPython } from './peers/start-chapter.mjs'
import { pinServers } from './pinning.mjs'
import { scaleOf } from './scale.mjs'

/** The benches of one file share servers and rounds. */
const files = {
  http: ['protected', 'failures', 'refresh'],
  passwords: ['passwords'],
  'start-up': ['start-up'],
  bytes: ['bytes'],
  stores: ['stores'],
  workers: ['workers'],
}

/** @param options of `readOptions`
 * @returns the document: the machine, the versions, the cases, and the parts that were left out */
export const runBenches = async (options) => {
  const machine = describeMachine()
  const commit = describeCommit()
  const versions = { ...describeVersions(), ...findPython()?.versions }
  const pinning = pinServers()
  const leftOut = new Map()
  const bench = {
    options,
    rounds: options.rounds,
    scale: scaleOf(options),
    pinning,
    generator: openGenerator({ core: pinning?.generator }),
    progress: (name, rounds = options.rounds) => progressOf(name, rounds),
    noteVersion: (name, version) => (versions[name] = version),
    leaveOut: (what, remedy) => leftOut.set(what, remedy),
  }
  const cases = []
  for (const [file, names] of Object.entries(files)) {
    const wanted = names.filter((name) => options.names.includes(name))
    if (wanted.length === 0) continue
    const { run } = await import(`./cases/${file}.mjs`)
    cases.push(...(await run(wanted, bench)))
  }
  await bench.generator.stop()
  showProgress('')
  return {
    machine: { ...machine, pinned: pinning ?? null },
    versions,
    commit,
    date: new Date().toISOString(),
    rounds: options.rounds,
    cases,
    leftOut: [...leftOut].map(([what, remedy]) => ({ what, remedy })),
  }
}

/** Shows every round on a terminal, and otherwise only the first one. */
const progressOf = (name, rounds) => (round) => {
  if (process.stderr.isTTY) showProgress(`${name}: round ${round + 1} of ${rounds}`)
  else if (round === 0) console.error(`${name}: ${rounds} rounds`)
}

const showProgress = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}
