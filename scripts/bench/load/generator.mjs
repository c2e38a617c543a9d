// The process of the load generator. It stores plans, and sends the requests of a plan over several connections. Each
// connection waits for the response before it sends the next request.
import { handleMessages } from '../handle-messages.mjs'
import { openConnection } from './connection.mjs'
import * as planKinds from './plans.mjs'

const maxSeconds = 60

const plans = new Map()
let connections = []

const commands = {
  define: ({ id, kind, ...content }) => {
    plans.set(id, planKinds[kind](content))
    return {}
  },
  /** Defines a plan with the requests of another one, from the first request on. */
  repeat: ({ id, plan }) => {
    plans.set(id, planKinds.rotate(plans.get(plan)))
    return {}
  },
  accessTokens: ({ id }) => plans.get(id).accessTokens(),
  /** Opens the connections before the load, so that the measurement does not include them. */
  open: async ({ port, count }) => {
    connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)))
    return {}
  },
  run: async ({ id, requests, expected }) => {
    const closeAll = () => connections.forEach(({ close }) => close())
    const timer = setTimeout(closeAll, maxSeconds * 1000)
    try {
      return await run(plans.get(id), requests, expected)
    } finally {
      clearTimeout(timer)
      closeAll()
    }
  },
}

const run = async (plan, requests, expected) => {
  const milliseconds = new Float64Array(requests)
  let sent = 0
  const start = performance.now()
  const sendInTurn = async ({ exchange }) => {
    while (sent < requests) {
      const index = sent
      sent += 1
      const request = plan.next()
      const begin = performance.now()
      const { status, body } = await exchange(request)
      milliseconds[index] = performance.now() - begin
      if (status !== expected.status || (expected.body !== undefined && body !== expected.body))
        throw new Error(`The response was ${status} ${body}, not ${expected.status}`)
      plan.learn(body)
    }
  }
  await Promise.all(connections.map(sendInTurn))
  const seconds = (performance.now() - start) / 1000
  milliseconds.sort()
  return { requestsPerSecond: requests / seconds, p50: at(milliseconds, 0.5), p99: at(milliseconds, 0.99) }
}

const at = (sorted, share) => sorted[Math.ceil(share * sorted.length) - 1]

handleMessages(({ command, ...content }) => commands[command](content))
