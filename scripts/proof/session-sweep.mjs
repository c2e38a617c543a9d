// Sessions that are over leave the memory store a few with each log-in: no log-in waits for all of them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root } from './server.mjs'
import { makeTwin } from './twin.mjs'

// `opened`: when the sessions begin, in seconds since 1970.
const setup = { opened: 1_700_000_000, accounts: 1000, perAccount: 100, logInAccounts: 10 }
const dayAfter = setup.opened + 86_400
// A pause that comes from the store comes every time, one that comes from the machine does not.
const runs = 3
const maxTurnMilliseconds = 20
const minutes = 5

export const prove = async () => {
  const outcomes = Array.from({ length: runs }, () => measure(join(root, 'dist')))
  // Only once they are over: to look at all with each of the first log-ins would take minutes.
  const all = `clock.nowSeconds() > ${dayAfter} ? Infinity : sweptPerLogIn`
  const twin = makeTwin('stores/memory/session-store.js', 'sweep(sweptPerLogIn)', `sweep(${all})`)
  const broken = Array.from({ length: runs }, () => measure(join(twin.script, '..')))
  twin.remove()
  return [judge(outcomes), judgeTwin(outcomes, broken)]
}

const measure = (dist) => {
  const script = fileURLToPath(new URL('session-sweep/measure.mjs', import.meta.url))
  const stores = pathToFileURL(join(dist, 'stores', 'stores.js')).href
  const child = spawnSync(process.execPath, ['--expose-gc', script, stores, JSON.stringify(setup)], {
    encoding: 'utf8',
    timeout: minutes * 60_000,
  })
  if (child.status !== 0) throw new Error(`The measurement ended with ${child.status}:\n${child.stderr}`)
  return JSON.parse(child.stdout)
}

const phases = {
  filling: '10^5 log-ins, none over',
  bound: 'one more of each account, which has 100',
  sweeping: 'log-ins while all of those are over',
}

/** The least of the runs' longest. */
const least = (outcomes, phase, what) => Math.min(...outcomes.map((outcome) => outcome[phase][what]))

const judge = (outcomes) => {
  const turns = Object.keys(phases).map((phase) => least(outcomes, phase, 'longestTurn'))
  const { sessions, logIns, mib } = outcomes.at(-1)
  return {
    passed: turns.every((turn) => turn < maxTurnMilliseconds) && Number.isFinite(logIns),
    text:
      `${sessions} sessions that are over are gone after ${logIns} log-ins; memory ${mib.empty.toFixed(0)} MiB before ` +
      `them, ${mib.full.toFixed(0)} MiB with them, ${mib.swept.toFixed(0)} MiB after; an account at its bound of ` +
      `${setup.perAccount} keeps it. Milliseconds, the least of ${runs} runs (a turn at most ${maxTurnMilliseconds}):`,
    table: Object.keys(phases).map((phase) => rowOf(outcomes, phase)),
  }
}

const rowOf = (outcomes, phase) => ({
  phase: phases[phase],
  'longest pause of the event loop': least(outcomes, phase, 'longestPause').toFixed(1),
  'longest turn, on a core': least(outcomes, phase, 'longestTurn').toFixed(1),
  'longest garbage collection': least(outcomes, phase, 'longestCollection').toFixed(1),
  'longest verb': least(outcomes, phase, 'longestVerb').toFixed(2),
  'mean verb': least(outcomes, phase, 'meanVerb').toFixed(4),
  verbs: String(outcomes.at(-1)[phase].verbs),
})

const judgeTwin = (outcomes, broken) => {
  const [service, twin] = [outcomes, broken].map((each) => least(each, 'sweeping', 'longestTurn'))
  const verb = least(broken, 'sweeping', 'longestVerb').toFixed(0)
  return {
    passed: twin >= maxTurnMilliseconds,
    text:
      `the twin that sweeps all at once is found out: its longest turn is ${twin.toFixed(0)} ms, ` +
      `${(twin / service).toFixed(0)} times ours, its longest verb ${verb} ms`,
  }
}
