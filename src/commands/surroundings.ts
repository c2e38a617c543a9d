import cluster from 'node:cluster'

// Other programs have clusters, too, and start this one in them.
const mark = { SESAME_WORKER: 'true' }

/** The settings of a worker of ours. */
export const markWorker = (environment: Surroundings['environment']): Surroundings['environment'] => ({
  ...environment,
  ...mark,
})

/** Whether this process is one that another process of ours has started. */
export const isWorker = ({ SESAME_WORKER }: Surroundings['environment']): boolean =>
  cluster.isWorker && SESAME_WORKER === mark.SESAME_WORKER

/** Drains and closes. A SIGTERM in production comes from a supervisor, whose load balancer is given time. */
export type Stop = (reason: { readonly signal?: string | undefined; readonly err?: unknown }) => Promise<void>

/** What a process gives the service that it runs. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where the log goes. */
  readonly stdout: { readonly fd: number; readonly isTTY: boolean }
  /** Writes a line for a person. */
  readonly print: (line: string) => unknown
  /** Takes over how to stop, before anyone is told that there is something to stop. */
  readonly onServing: (port: number, stop: Stop) => void
}
