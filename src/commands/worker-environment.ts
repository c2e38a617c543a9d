import cluster from 'node:cluster'

type Environment = Readonly<Record<string, string | undefined>>

// Another program may run this one inside a cluster of its own.
const mark = { SESAME_WORKER: 'true' }

/** The environment of a worker that this program starts. */
export const workerEnvironment = (environment: Environment): Environment => ({ ...environment, ...mark })

/** Whether this process is a worker that another process of this program has started. */
export const isWorker = ({ SESAME_WORKER }: Environment): boolean =>
  cluster.isWorker && SESAME_WORKER === mark.SESAME_WORKER
