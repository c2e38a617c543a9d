// Starts a server as a process of its own, the way it runs in production, and ends it.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atExit, createTemporaryFolder } from './at-exit.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const sesame = join(root, 'dist', 'main.js')

const startMilliseconds = 30_000

/** What a deployment sets; all else is left at its default, the log included. */
export const productionSettings = () => ({
  NODE_ENV: 'production',
  DATABASE_URL: 'memory:',
  SECRET_KEY: randomBytes(32).toString('hex'),
  HOST: '127.0.0.1',
  PORT: '0',
})

/** Starts a script and waits until it has said its address on the standard error. Its log goes to a file.
 * @param preload a module that runs in the server first, and answers what `ask` asks */
export const startServer = async ({ script = sesame, settings = productionSettings(), preload }) => {
  // Its working folder is empty, so that no .env of the developer's has a say.
  const folder = createTemporaryFolder()
  const log = openSync(join(folder.path, 'log'), 'w')
  const child = spawn(process.execPath, [...(preload ? ['--import', preload.href] : []), script], {
    cwd: folder.path,
    env: { ...systemEnvironment(), ...settings },
    stdio: ['ignore', log, 'pipe', 'ipc'],
  })
  const kill = atExit(() => child.kill('SIGKILL'))
  closeSync(log)
  const exited = once(child, 'exit')
  const port = await announcedPort(child)

  return {
    pid: child.pid,
    port,
    url: `http://127.0.0.1:${port}`,
    ask: async (question) => {
      const answered = once(child, 'message', { signal: AbortSignal.timeout(10_000) })
      child.send(question)
      return (await answered)[0]
    },
    stop: async () => {
      kill()
      await exited
      folder.remove()
    },
  }
}

/** What a process needs on any system, and no setting of Sesame's. */
const systemEnvironment = () => {
  const { PATH, SystemRoot, TEMP } = process.env
  return { PATH, SystemRoot, TEMP }
}

const announcedPort = (child) =>
  new Promise((resolve, reject) => {
    let said = ''
    const fail = () => reject(new Error(`The server did not start. It said:\n${said}`))
    const timer = setTimeout(fail, startMilliseconds)
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      const port = /service +http:\/\/[^:]+:(\d+)/.exec(said)?.[1]
      if (port) resolve(Number(port))
    })
    child.once('error', reject)
    child.once('exit', fail)
    child.once('exit', () => clearTimeout(timer))
    timer.unref()
  })
