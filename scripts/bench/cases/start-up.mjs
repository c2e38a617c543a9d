// Measures the time from the start of a server process to its first response, and the memory after that.
import { setTimeout as delay } from 'node:timers/promises'
import { send } from '../../../test/support/http.ts'
import { findPython } from '../peers/start-chapter.mjs'
import { benchSettings, programs } from '../programs.mjs'
import { summaryOf } from '../statistics.mjs'

const maxStarts = 9
const idleMilliseconds = 500

export const run = async (_names, { rounds, progress }) => {
  const all = programs({ settings: benchSettings(), python: findPython() }).map((program) => ({
    ...program,
    milliseconds: [],
    mib: [],
  }))
  const starts = Math.min(rounds, maxStarts)
  const onRound = progress('start-up', starts)
  for (let round = 0; round < starts; round += 1) {
    onRound(round)
    for (const program of all) await startOnce(program)
  }
  const entries = (key) => all.map(({ id, name, ...program }) => ({ id, name, ...summaryOf(program[key]) }))
  return [
    {
      id: 'start-up',
      kind: 'figures',
      title: 'Start-up time',
      unit: 'ms',
      note: `From the start of the process to the first response, a 401. ${starts} starts each.`,
      entries: entries('milliseconds'),
    },
    {
      id: 'idle-memory',
      kind: 'figures',
      title: 'Idle memory',
      unit: 'MiB',
      note: `Resident memory half a second after that response. ${starts} starts each.`,
      entries: entries('mib'),
    },
  ]
}

const startOnce = async ({ start, milliseconds, mib }) => {
  const begin = performance.now()
  const server = await start()
  const { status, text } = await send(server.url, { path: '/protected' })
  milliseconds.push(performance.now() - begin)
  if (status !== 401) throw new Error(`The first response was ${status}: ${text}`)
  await delay(idleMilliseconds)
  mib.push(await server.residentMib())
  await server.stop()
}
