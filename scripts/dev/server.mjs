import { spawn } from 'node:child_process'
import { once } from 'node:events'

const startMilliseconds = 10_000
const stopMilliseconds = 2_000

/** Starts a server, with its output on this terminal.
 * @returns `serves`: whether it has come to serve, rather than ended or waited for too long */
export const startServer = (script, cwd) => {
  const server = spawn(process.execPath, [script], { cwd, stdio: ['inherit', 'inherit', 'pipe'] })
  const exited = once(server, 'exit')

  const served = new Promise((resolve) => {
    server.stderr.setEncoding('utf8').on('data', (text) => {
      process.stderr.write(text)
      // The first of the lines that the service prints once it listens.
      if (text.includes('  service ')) resolve(true)
    })
  })

  return {
    serves: Promise.race([served, exited.then(() => false), after(startMilliseconds).then(() => false)]),
    /** Ends the server, whatever it is at. */
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGTERM')
      const timer = setTimeout(() => server.kill('SIGKILL'), stopMilliseconds)
      await exited
      clearTimeout(timer)
    },
  }
}

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
