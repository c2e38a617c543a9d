// A service on a file of SQLite, and its operations over connections that are kept open.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { text } from 'node:stream/consumers'
import { logIn, send, signUp } from '../http-client.mjs'
import { productionSettings, sesame, startServer } from '../server.mjs'

export const password = 'a password of the proof'
const secretKey = randomBytes(32).toString('hex')

/** What is the same at each start on one file. */
const settingsFor = (file) => ({
  ...productionSettings(),
  SECRET_KEY: secretKey,
  DATABASE_URL: `sqlite:${file}`,
  MIGRATE_ON_START: 'true',
  ISSUER: 'http://localhost:8000',
  // A token is presented again after a restart, and must still be answered alike.
  REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '60',
  LOG_LEVEL: 'warn',
})

/** @returns operations that answer `{ status, headers, body, milliseconds }`; `kill`, which ends the server at once, and
 * `longest`: the longest wait for SQLite and the longest pause of the event loop, in milliseconds, since the last such
 * question */
export const openService = async (file, script) => {
  const server = await startServer({
    script,
    settings: settingsFor(file),
    preload: new URL('turn-watch.mjs', import.meta.url),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const parsed = async (answer) => {
    const { body, ...rest } = await answer
    return { ...rest, body: JSON.parse(body) }
  }
  return {
    pid: server.pid,
    url: server.url,
    signUp: (username) => parsed(signUp(server.url, { username, password }, { agent })),
    logIn: (username) => parsed(logIn(server.url, { username, password }, { agent })),
    refresh: (token) => parsed(logIn(server.url, { grant_type: 'refresh_token', refresh_token: token }, { agent })),
    readProtected: (token) =>
      parsed(send(`${server.url}/protected`, { agent, headers: { Authorization: `Bearer ${token}` } })),
    longest: () => server.ask('longest'),
    kill: async () => {
      await server.stop()
      agent.destroy()
    },
  }
}

/** Runs a command of Sesame's, or of a twin's, on the file.
 * @returns `{ status, output }` */
export const runCommand = async (file, words, script = sesame) => {
  const child = spawn(process.execPath, [script, ...words], {
    env: { ...process.env, DATABASE_URL: `sqlite:${file}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status, output: output + errors }
}

/** @returns the body of an answer that has to be 200 */
export const expectOk = ({ status, body }) => {
  if (status !== 200) throw new Error(`Prepared in vain: ${status} ${JSON.stringify(body)}`)
  return body
}

/** How often a refresh token was exchanged before this one was given out. */
export const generationOf = (refreshToken) => Buffer.from(refreshToken, 'base64url').readUInt32BE(21)

/** Each item once with how often it came. */
export const tally = (list) => {
  const counts = new Map()
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].map(([item, count]) => `${count} × ${item}`).join(', ')
}
