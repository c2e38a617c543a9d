// The service under test, and its operations over connections that are kept open: enough of them that requests sent
// at once are under way at once.
import { Agent } from 'node:http'
import { send } from '../http-client.mjs'
import { productionSettings, startServer } from '../server.mjs'

const maxSockets = 64

/** @param options `script` of a twin, `settings` beyond those of production, and how many `processes` on one store
 * @returns the operations, each to `{ status, headers, body }`, sent to the processes in turn; `each`, the operations of each
 * process; `passwordMatches`, how often a password was found right so far; and `stop` */
export const openService = async ({ script, settings, processes = 1 }) => {
  const servers = []
  for (let i = 0; i < processes; i += 1) {
    servers.push(
      await startServer({
        script,
        settings: { ...productionSettings(), ...settings },
        preload: new URL('../hash-counter.mjs', import.meta.url),
      }),
    )
  }
  const agent = new Agent({ keepAlive: true, maxSockets })
  let turn = 0
  return {
    ...operationsAt(() => servers[(turn += 1) % processes].url, agent),
    each: servers.map(({ url }) => operationsAt(() => url, agent)),
    passwordMatches: async () => {
      const answers = await Promise.all(servers.map((server) => server.ask('passwords that were right')))
      return answers.reduce((sum, { matches }) => sum + matches, 0)
    },
    stop: async () => {
      agent.destroy()
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

/** @param nextUrl the URL that the next request is for */
const operationsAt = (nextUrl, agent) => {
  const call = async (method, path, { token, ...content } = {}) => {
    const [type, text] = encode(content)
    const headers = {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }),
    }
    const answer = await send(`${nextUrl()}${path}`, { method, headers, agent, body: text })
    return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body) }
  }
  return {
    signUp: (account) => call('POST', '/signup', { json: account }),
    logIn: (account) => call('POST', '/token', { form: account }),
    refresh: (refreshToken, more = {}) =>
      call('POST', '/token', { form: { grant_type: 'refresh_token', refresh_token: refreshToken, ...more } }),
    revoke: (anyToken) => call('POST', '/revoke', { form: { token: anyToken } }),
    logOut: (token) => call('POST', '/logout', { token }),
    endSession: (token) => call('DELETE', `/sessions/${claimsOf(token).sid}`, { token }),
    changePassword: (token, current, next) =>
      call('PUT', '/account/password', { token, json: { current_password: current, new_password: next } }),
    deleteAccount: (token) => call('DELETE', '/account', { token }),
    readProtected: (token) => call('GET', '/protected', { token }),
  }
}

const encode = ({ form, json }) => {
  if (form) return ['application/x-www-form-urlencoded', String(new URLSearchParams(form))]
  return json ? ['application/json', JSON.stringify(json)] : []
}

const claimsOf = (accessToken) => JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString())

/** Answers other than the one that has to come end a proof: they are no race's outcome.
 * @returns its body */
export const expectOk = ({ status, body }) => {
  if (status !== 200) throw new Error(`Prepared in vain: ${status} ${JSON.stringify(body)}`)
  return body
}

/** Which of a pair of tokens still works, in words; none should. */
export const survivorsOf = async (service, { access_token: accessToken, refresh_token: refreshToken }) => {
  const access = await service.readProtected(accessToken)
  const refresh = await service.refresh(refreshToken)
  const isRefused = refresh.status === 400 && refresh.body.error === 'invalid_grant'
  return [
    ...(access.status === 401 ? [] : [`an access token that should be dead: ${access.status}`]),
    ...(isRefused ? [] : [`a refresh token that should be dead: ${refresh.status}`]),
  ]
}
