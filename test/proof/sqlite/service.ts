// Opens a service on an SQLite file, with connections that stay open.
import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { operationsOf, plainClient } from '../../support/http.ts'
import {
  emptyFolder,
  type Environment,
  main,
  productionSettings,
  runProgram,
  startServer,
  systemEnvironment,
} from '../../support/process.ts'

const password = 'a password of the proof'
const secretKey = randomBytes(32).toString('hex')

/** These settings are the same at each start on one file. */
const settingsFor = (file: string): Environment => ({
  ...productionSettings(),
  SECRET_KEY: secretKey,
  DATABASE_URL: `sqlite:${file}`,
  MIGRATE_ON_START: 'true',
  ISSUER: 'http://localhost:8000',
  // A client repeats a refresh after a restart, and must get the same token.
  REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '60',
  LOG_LEVEL: 'warn',
})

export interface Waits {
  readonly call: number
  readonly pause: number
}

export type SqliteService = Awaited<ReturnType<typeof openService>>

/** @returns the operations, in which all accounts have one password; `kill`, which kills the server; and `longest`,
 * which resolves to the longest wait for SQLite and the longest pause of the event loop since its last call, in
 * milliseconds */
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

/** Runs a command of Sesame, or of a twin, on the file. */
export const runCommand = async (file: string, words: readonly string[], script = main) => {
  const env = { ...systemEnvironment(), DATABASE_URL: `sqlite:${file}` }
  const { status, stdout, stderr } = await runProgram(process.execPath, [script, ...words], { cwd: emptyFolder(), env })
  return { status, output: stdout + stderr }
}

/** How often a refresh token was exchanged before this one was given out. */
export const generationOf = (refreshToken: string): number => Buffer.from(refreshToken, 'base64url').readUInt32BE(21)
