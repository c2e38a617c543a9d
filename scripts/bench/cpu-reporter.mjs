// Loaded into a measured server with --import. It reports what the bench asks for: the CPU time that the process has
// used (user and system, all threads), its resident memory, or the live bytes of its heap after a collection.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const liveBytes = () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  // What the first collection finalizes, the second one frees.
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
  // A worker of Sesame also gets messages of its supervisor here.
  if (Object.hasOwn(reports, question)) process.send(reports[question]())
})
// A server must not outlive the bench that started it, even one that was killed.
process.on('disconnect', () => process.exit())
