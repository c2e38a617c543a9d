import { spawn } from 'node:child_process'
import { once } from 'node:events'

const startMilliseconds = 10_000
const stopMilliseconds = 2_000

/** Starts a server with its output on this terminal.
 * @returns `serves` resolves to true once the server serves, and to false if it ends or takes too long */
export const startServer = (script, cwd) => {
  const server = spawn(process.execPath, [script], { cwd, stdio: ['inherit', 'inherit', 'pipe'] })
  // The server must not outlive this process.
  const kill = () => server.kill('SIGKILL')
  process.once('exit', kill)
  const exited = once(server, 'exit').finally(() => process.off('exit', kill))

  const served = new Promise((resolve) => {
    server.stderr.setEncoding('utf8').on('data', (text) => {
      process.stderr.write(text)
      // The service prints this line once it listens.
      if (text.includes('  service ')) resolve(true)
    })
  })

  return {
    serves: Promise.race([served, exited.then(() => false), after(startMilliseconds).then(() => false)]),
    /** Stops the server in any state. */
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGTERM')
      const timer = setTimeout(kill, stopMilliseconds)
      await exited
      clearTimeout(timer)
    },
  }
}

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
