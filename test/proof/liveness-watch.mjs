// A worker thread that reads the liveness of a server during a storm. It reports how long each response took, and
// Infinity for each one that failed. The sender of the storm does not delay it, since it runs on another thread.
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

const pauseMilliseconds = 5

let isOver = false
parentPort.once('message', () => (isOver = true))

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const ask = async () => {
  const [response] = await once(get(`${workerData.url}/health/live`, { agent }), 'response')
  await once(response.resume(), 'end')
  return response.statusCode === 200
}

const latencies = []
while (!isOver) {
  const start = performance.now()
  const isAlive = await ask().catch(() => false)
  latencies.push(isAlive ? performance.now() - start : Infinity)
  await delay(pauseMilliseconds)
}
agent.destroy()
parentPort.postMessage(latencies)
