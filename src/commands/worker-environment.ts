import cluster from 'node:cluster'

type Environment = Readonly<Record<string, string | undefined>>

// Another program may run this one in its own cluster, so `cluster.isWorker` alone proves nothing.
const mark = { SESAME_WORKER: 'true' }

/** The environment of a worker that this program starts. */
export const workerEnvironment = (environment: Environment): Environment => ({ ...environment, ...mark })

/** Whether a supervisor of this program has started this process. */
export const isWorker = ({ SESAME_WORKER }: Environment): boolean =>
  cluster.isWorker && SESAME_WORKER === mark.SESAME_WORKER
