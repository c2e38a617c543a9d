import type { ChildProcess } from 'node:child_process'
import cluster, { type Worker } from 'node:cluster'
import { randomBytes } from 'node:crypto'
import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { markWorker, type Surroundings } from './surroundings.ts'
import type { StopOrder } from './worker.ts'

// The drain of a worker ends before; whoever closes this process waits a little longer.
const lastMilliseconds = 9_500

/** A worker that was started. */
interface Hand {
  readonly pid: number | undefined
  /** False once it has ended before. */
  readonly serves: Promise<boolean>
  readonly ended: Promise<{
    readonly code: number | null
    readonly signal: string | null
    readonly milliseconds: number
  }>
}

/** The workers of this process: how to start one, and how to end all of them.
 * @param environment their settings
 * @param log where their lines go; undefined where each has the terminal */
export const openCrew = (environment: Surroundings['environment'], log: ((lines: string) => unknown) | undefined) => {
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url)),
    args: ['serve'],
    // A terminal takes whole lines from each; of a pipe or a file that cannot be said.
    stdio: ['ignore', log ? 'pipe' : 'inherit', 'inherit', 'ipc'],
  })
  // All of them sign with one key, also where none is set.
  const settings = markWorker({
    ...environment,
    SECRET_KEY: environment.SECRET_KEY || randomBytes(32).toString('hex'),
  })
  const all = new Map<Worker, Hand>()
  const serving = new Set<Worker>()
  let isDismissed = false

  const hire = (): Hand => {
    const start = performance.now()
    const worker = cluster.fork(settings)
    const { process: child } = worker
    if (child.stdout && log) passLines(child.stdout, log)
    // One that could not be started, or that cannot be told anything any more: `ended` says so.
    worker.on('error', () => undefined)
    const dropConnection = noteConnections(child)
    const ended: Hand['ended'] = new Promise((resolve) =>
      // Its last lines have been passed on by then.
      child.once('close', (code, signal) => {
        all.delete(worker)
        serving.delete(worker)
        dropConnection()
        resolve({ code, signal, milliseconds: performance.now() - start })
      }),
    )
    const isServing = new Promise<boolean>((resolve) =>
      worker.once('message', () => {
        serving.add(worker)
        resolve(true)
      }),
    )
    const hand = { pid: child.pid, serves: Promise.race([isServing, ended.then(() => false)]), ended }
    all.set(worker, hand)
    return hand
  }

  /** Lets each one finish what it is at; one that does not serve yet has nothing to finish. */
  const dismiss = async (signal?: string): Promise<void> => {
    isDismissed = true
    for (const worker of all.keys()) {
      if (serving.has(worker) && worker.isConnected()) worker.send({ signal } satisfies StopOrder)
      else worker.process.kill('SIGKILL')
    }
    const cutOff = setTimeout(() => {
      for (const worker of all.keys()) worker.process.kill('SIGKILL')
    }, lastMilliseconds)
    await Promise.all([...all.values()].map(({ ended }) => ended))
    clearTimeout(cutOff)
  }
  return { hire, dismiss, isDismissed: () => isDismissed, serving: () => serving.size }
}

/** Node hands connections to a worker one by one, and forgets the one that it was about to hand over when the worker ends:
 * its client would wait for ever.
 * @returns how to close it */
const noteConnections = (child: ChildProcess): (() => void) => {
  type Send = (message: unknown, connection?: { close?: () => void }, ...more: unknown[]) => boolean
  const sender = child as unknown as { send: Send }
  const send = sender.send.bind(child)
  let last: { close?: () => void } | undefined
  sender.send = (message, connection, ...more) => {
    last = connection ?? last
    return send(message, connection, ...more)
  }
  // What was handed over is closed here already.
  return () => last?.close?.()
}

/** Passes on whole lines only: what several processes write at once is not to be mixed up. What one that was killed
 * had begun is left out. */
const passLines = (source: Readable, write: (text: string) => unknown): void => {
  let rest = ''
  source.setEncoding('utf8').on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1
    if (end > 0) write(rest + text.slice(0, end))
    rest = end > 0 ? text.slice(end) : rest + text
  })
}
