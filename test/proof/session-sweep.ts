// Each log-in removes a few expired sessions from the memory store. No log-in may wait for the removal of all of them.
import type { Prove, Result } from './proof.ts'
import { root } from '../support/process.ts'
import { defineFault, withFault } from '../support/planted-fault.ts'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

// `opened` is the start of the sessions, in seconds since 1970.
const setup = { opened: 1_700_000_000, accounts: 1000, perAccount: 100, logInAccounts: 10 }
const dayAfter = setup.opened + 86_400
// The store causes its pauses in every run. The machine does not, so that the least of several runs counts.
const runs = 3
const maxTurnMilliseconds = 20
const minutes = 5

// The twin sweeps all sessions only after they have expired. The first log-ins would take minutes otherwise.
const all = `clock.nowSeconds() > ${dayAfter} ? Infinity : sweptPerLogIn`
const sweepsAll = defineFault(
  'all sessions swept at once',
  'stores/memory/session-store.ts',
  'sweep(sweptPerLogIn)',
  `sweep(${all})`,
)

type Phase = 'filling' | 'bound' | 'sweeping'
type Figure = 'longestPause' | 'longestTurn' | 'longestCollection' | 'longestVerb' | 'meanVerb' | 'verbs'

interface Outcome extends Readonly<Record<Phase, Readonly<Record<Figure, number>>>> {
  readonly sessions: number
  /** Null where not all sessions were removed. */
  readonly logIns: number | null
  readonly mib: Readonly<Record<'empty' | 'full' | 'swept', number>>
}

export const prove: Prove = async () => {
  const measureAll = (dist: string): readonly Outcome[] => Array.from({ length: runs }, () => measure(dist))
  const outcomes = measureAll(join(root, 'dist'))
  const broken = await withFault(sweepsAll, async (script) => measureAll(join(script, '..')))
  return [judge(outcomes), judgeTwin(outcomes, broken)]
}

const measure = (dist: string): Outcome => {
  const script = fileURLToPath(new URL('session-sweep/measure.mjs', import.meta.url))
  const stores = pathToFileURL(join(dist, 'stores', 'stores.js')).href
  const child = spawnSync(process.execPath, ['--expose-gc', script, stores, JSON.stringify(setup)], {
    encoding: 'utf8',
    timeout: minutes * 60_000,
  })
  if (child.status !== 0) throw new Error(`The measurement ended with ${child.status}:\n${child.stderr}`)
  return JSON.parse(child.stdout)
}

const phases: Readonly<Record<Phase, string>> = {
  filling: '10^5 log-ins, none over',
  bound: 'one more of each account, which has 100',
  sweeping: 'log-ins while all of those are over',
}

/** The least figure of all runs. */
const least = (outcomes: readonly Outcome[], phase: Phase, what: Figure): number =>
  Math.min(...outcomes.map((outcome) => outcome[phase][what]))

const allPhases = Object.keys(phases) as Phase[]

const judge = (outcomes: readonly Outcome[]): Result => {
  const turns = allPhases.map((phase) => least(outcomes, phase, 'longestTurn'))
  const { sessions, logIns, mib } = outcomes.at(-1) as Outcome
  return {
    passed: turns.every((turn) => turn < maxTurnMilliseconds) && Number.isFinite(logIns),
    text:
      `${sessions} sessions that are over are gone after ${logIns} log-ins; memory ${mib.empty.toFixed(0)} MiB before ` +
      `them, ${mib.full.toFixed(0)} MiB with them, ${mib.swept.toFixed(0)} MiB after; an account at its bound of ` +
      `${setup.perAccount} keeps it. Milliseconds, the least of ${runs} runs (a turn at most ${maxTurnMilliseconds}):`,
    table: allPhases.map((phase) => rowOf(outcomes, phase)),
  }
}

const rowOf = (outcomes: readonly Outcome[], phase: Phase) => ({
  phase: phases[phase],
  'longest pause of the event loop': least(outcomes, phase, 'longestPause').toFixed(1),
  'longest turn, on a core': least(outcomes, phase, 'longestTurn').toFixed(1),
  'longest garbage collection': least(outcomes, phase, 'longestCollection').toFixed(1),
  'longest verb': least(outcomes, phase, 'longestVerb').toFixed(2),
  'mean verb': least(outcomes, phase, 'meanVerb').toFixed(4),
  verbs: String(outcomes.at(-1)?.[phase].verbs),
})

const judgeTwin = (outcomes: readonly Outcome[], broken: readonly Outcome[]): Result => {
  const service = least(outcomes, 'sweeping', 'longestTurn')
  const twin = least(broken, 'sweeping', 'longestTurn')
  const verb = least(broken, 'sweeping', 'longestVerb').toFixed(0)
  return {
    passed: twin >= maxTurnMilliseconds,
    text:
      `the twin that sweeps all at once is found out: its longest turn is ${twin.toFixed(0)} ms, ` +
      `${(twin / service).toFixed(0)} times ours, its longest verb ${verb} ms`,
  }
}
