import type { ChildProcess } from 'node:child_process'
import cluster, { type Worker as ClusterWorker } from 'node:cluster'
import { randomBytes } from 'node:crypto'
import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { workerEnvironment } from './worker-environment.ts'
import type { StopMessage } from './worker.ts'

// A worker drains faster than this. The close-with-grace of the supervisor waits a little longer.
const maxStopMilliseconds = 9_500

/** A worker process. */
interface Worker {
  readonly pid: number | undefined
  /** Resolves to true once it serves, or to false if it ends before. */
  readonly isServing: Promise<boolean>
  readonly ended: Promise<End>
}

interface End {
  readonly code: number | null
  readonly signal: string | null
  readonly milliseconds: number
}

/** Starts the workers of this process one by one, and stops them all.
 * @param environment their settings
 * @param writeLog receives the log lines of all workers; undefined if the workers write to a terminal themselves */
export const createWorkers = (
  environment: Readonly<Record<string, string | undefined>>,
  writeLog: ((lines: string) => unknown) | undefined,
) => {
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url)),
    args: ['serve'],
    // A terminal keeps the lines of several workers apart. A pipe or a file may mix them.
    stdio: ['ignore', writeLog ? 'pipe' : 'inherit', 'inherit', 'ipc'],
  })
  const settings = workerEnvironment({
    ...environment,
    // In development SECRET_KEY may be unset. All workers must sign with the same key even then.
    SECRET_KEY: environment.SECRET_KEY || randomBytes(32).toString('hex'),
  })
  const all = new Map<ClusterWorker, Worker>()
  const serving = new Set<ClusterWorker>()
  let isStopping = false

  const start = (): Worker => {
    const startedAt = performance.now()
    const worker = cluster.fork(settings)
    const { process: child } = worker
    if (child.stdout && writeLog) passLines(child.stdout, writeLog)
    // The worker could not start, or accepts no more messages. `ended` reports both.
    worker.on('error', () => undefined)
    const closeLastConnection = noteConnections(child)
    const ended = new Promise<End>((resolve) =>
      // 'close' comes after the last log lines, unlike 'exit'.
      child.once('close', (code, signal) => {
        all.delete(worker)
        serving.delete(worker)
        closeLastConnection()
        resolve({ code, signal, milliseconds: performance.now() - startedAt })
      }),
    )
    const served = new Promise<boolean>((resolve) =>
      worker.once('message', () => {
        serving.add(worker)
        resolve(true)
      }),
    )
    const started = { pid: child.pid, isServing: Promise.race([served, ended.then(() => false)]), ended }
    all.set(worker, started)
    return started
  }

  /** Lets each worker finish its requests. A worker that does not serve yet is killed, because it has none. */
  const stop = async (signal?: string): Promise<void> => {
    isStopping = true
    for (const worker of all.keys()) {
      if (serving.has(worker) && worker.isConnected()) worker.send({ signal } satisfies StopMessage)
      else worker.process.kill('SIGKILL')
    }
    const cutOff = setTimeout(() => {
      for (const worker of all.keys()) worker.process.kill('SIGKILL')
    }, maxStopMilliseconds)
    await Promise.all([...all.values()].map(({ ended }) => ended))
    clearTimeout(cutOff)
  }
  return { start, stop, isStopping: () => isStopping, servingCount: () => serving.size }
}

/** Node hands connections to a worker one by one. When the worker ends, Node forgets the connection that it was about
 * to hand over, and its client would wait forever.
 * @returns a function that closes that connection */
const noteConnections = (child: ChildProcess): (() => void) => {
  type Send = (message: unknown, connection?: { close?: () => void }, ...more: unknown[]) => boolean
  const sender = child as unknown as { send: Send }
  const send = sender.send.bind(child)
  let last: { close?: () => void } | undefined
  sender.send = (message, connection, ...more) => {
    last = connection ?? last
    return send(message, connection, ...more)
  }
  // After the hand-over, this process has already closed its copy. A second close does nothing.
  return () => last?.close?.()
}

/** Passes on whole lines only, so that the lines of several workers do not mix. It drops the unfinished line of a
 * killed worker. */
const passLines = (source: Readable, write: (text: string) => unknown): void => {
  let rest = ''
  source.setEncoding('utf8').on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1
    if (end > 0) write(rest + text.slice(0, end))
    rest = end > 0 ? text.slice(end) : rest + text
  })
}
