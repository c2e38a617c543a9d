// A worker thread that asks a server for its liveness during a storm, and reports how long each answer took. On a
// thread of its own, so that the storm's sender does not delay it.
import { Agent } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { send } from './http-client.mjs'

const pauseMilliseconds = 5

let isOver = false
parentPort.once('message', () => (isOver = true))

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const latencies = []
while (!isOver) {
  const { status, milliseconds } = await send(`${workerData.url}/health/live`, { agent })
  latencies.push(status === 200 ? milliseconds : Infinity)
  await delay(pauseMilliseconds)
}
agent.destroy()
parentPort.postMessage(latencies)
