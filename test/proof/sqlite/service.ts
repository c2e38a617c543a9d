// A service on a file of SQLite, over connections that are kept open.
import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { operationsOf, plainClient } from '../../support/http.ts'
import { type Environment, main, productionSettings, runProgram, startServer } from '../../support/process.ts'

const password = 'a password of the proof'
const secretKey = randomBytes(32).toString('hex')

/** What is the same at each start on one file. */
const settingsFor = (file: string): Environment => ({
  ...productionSettings(),
  SECRET_KEY: secretKey,
  DATABASE_URL: `sqlite:${file}`,
  MIGRATE_ON_START: 'true',
  ISSUER: 'http://localhost:8000',
  // A token is presented again after a restart, and must still be answered alike.
  REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '60',
  LOG_LEVEL: 'warn',
})

export interface Waits {
  readonly call: number
  readonly pause: number
}

export type SqliteService = Awaited<ReturnType<typeof openService>>

/** @returns the operations, in which all accounts have one password; `kill`, which ends the server at once; and
 * `longest`: the longest wait for SQLite and the longest pause of the event loop, in milliseconds, since the last such
 * question */
export const openService = async (file: string, script?: string) => {
  const server = await startServer({
    script,
    settings: settingsFor(file),
    preload: new URL('turn-watch.mjs', import.meta.url),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const { signUp, logIn, refresh, readProtected } = operationsOf(plainClient(server.url, agent))
  return {
    pid: server.pid,
    url: server.url,
    signUp: (username: string) => signUp({ username, password }),
    logIn: (username: string) => logIn({ username, password }),
    refresh,
    readProtected,
    longest: (): Promise<Waits> => server.ask('longest'),
    kill: async (): Promise<void> => {
      await server.stop()
      agent.destroy()
    },
  }
}

/** Runs a command of Sesame's, or of a twin's, on the file. */
export const runCommand = async (file: string, words: readonly string[], script = main) => {
  const env = { ...process.env, DATABASE_URL: `sqlite:${file}` }
  const { status, stdout, stderr } = await runProgram(process.execPath, [script, ...words], { env })
  return { status, output: stdout + stderr }
}

/** How often a refresh token was exchanged before this one was given out. */
export const generationOf = (refreshToken: string): number => Buffer.from(refreshToken, 'base64url').readUInt32BE(21)
