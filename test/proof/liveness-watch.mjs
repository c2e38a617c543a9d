// A worker thread that asks a server for its liveness during a storm, and reports how long each answer took. On a
// thread of its own, so that the storm's sender does not delay it.
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

const pauseMilliseconds = 5

let isOver = false
parentPort.once('message', () => (isOver = true))

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const latencies = []
while (!isOver) {
  const start = performance.now()
  const [response] = await once(get(`${workerData.url}/health/live`, { agent }), 'response')
  await once(response.resume(), 'end')
  latencies.push(response.statusCode === 200 ? performance.now() - start : Infinity)
  await delay(pauseMilliseconds)
}
agent.destroy()
parentPort.postMessage(latencies)
