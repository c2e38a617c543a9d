// Prism's own command line as a proxy, in a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { atExit } from '../at-exit.mjs'
import { installPackages } from '../install.mjs'

const version = '5.14.2'
const startMilliseconds = 30_000
const answerMilliseconds = 20_000

/** Installs `prism` and starts `prism proxy`, which passes on whatever it is sent, valid or not, and says in a header
 * of the answer what the contract does not have.
 * @returns its version; `send`, whose answer is undefined where prism gave none, and after which it runs again; how
 * often it had to be started again; and `stop` */
export const openPrism = async (contract, upstreamUrl) => {
  const folder = installPackages({ '@stoplight/prism-cli': version })
  const script = join(folder.path, 'node_modules', '@stoplight', 'prism-cli', 'dist', 'index.js')
  // Without CORS of prism's own, so that preflights go through, too.
  const args = [script, 'proxy', contract, upstreamUrl, '--port', '0', '--cors', 'false', '--multiprocess', 'false']
  let prism = await start(args, folder.path)
  let restarts = 0
  return {
    version,
    restarts: () => restarts,
    send: async (request) => {
      try {
        return await sendTo(prism.port, request)
      } catch {
        // Some requests end prism, others only hang; and one may have to bear what the one before it has done.
        await prism.stop()
        prism = await start(args, folder.path)
        restarts += 1
        return undefined
      }
    },
    stop: async () => {
      await prism.stop()
      folder.remove()
    },
  }
}

const start = async (args, cwd) => {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = atExit(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const port = await announcedPort(child)
  const stop = async () => {
    kill()
    await exited
  }
  return { port, stop }
}

const announcedPort = (child) =>
  new Promise((resolve, reject) => {
    let said = ''
    const fail = () => reject(new Error(`prism did not start. It said:\n${said}`))
    const timer = setTimeout(fail, startMilliseconds)
    const streams = [child.stdout, child.stderr]
    const listen = (text) => {
      said += text
      const port = /listening on http:\/\/[^:]+:(\d+)/.exec(said)?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      // What it says from here on has to be read, or it would wait.
      for (const stream of streams) stream.off('data', listen).resume()
      resolve(Number(port))
    }
    for (const stream of streams) stream.setEncoding('utf8').on('data', listen)
    child.once('exit', fail)
  })

const sendTo = (port, { method, path, headers, body }) =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers, agent: false, timeout: answerMilliseconds }
    const outgoing = httpRequest(options, (answer) => {
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.once('error', reject)
      answer.once('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error('No answer in time')))
    outgoing.once('error', reject)
    outgoing.end(body)
  })
