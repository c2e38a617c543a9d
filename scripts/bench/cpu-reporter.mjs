// A measured server loads this module with --import. On request, it reports its CPU time, its resident memory, or the
// live bytes of its heap after a garbage collection. The CPU time is user and system time of all threads.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const liveBytes = () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  // The second collection frees the objects that the first one finalizes.
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const reports = {
  cpu: () => process.cpuUsage(),
  'resident bytes': () => process.memoryUsage.rss(),
  'live bytes': liveBytes,
}

process.on('message', (question) => {
  // A worker of Sesame also receives messages from its supervisor here.
  if (Object.hasOwn(reports, question)) process.send(reports[question]())
})
// A server must not outlive the bench, even if the bench is killed.
process.on('disconnect', () => process.exit())
