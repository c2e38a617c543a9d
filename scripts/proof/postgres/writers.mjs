// Clients that write all the time, and remember what was acknowledged.
import { expectOk } from '../session-races/service.mjs'

const password = 'a password of the proof'
const refreshesPerSession = 10

/** Runs writers until `stop` is called: half of them sign up, the others refresh a session, log out, and log in again.
 * @returns `stop`; `tally`, how often each answer came so far; `faults`, what is wrong with answers; and `lost`, which
 * looks for what was acknowledged and is not there */
export const startWriters = async (service, count) => {
  const state = {
    isOver: false,
    tally: new Map(),
    faults: [],
    longest: 0,
    accounts: [],
    sessions: [],
    ended: [],
    lastOk: 0,
  }
  const writers = Array.from({ length: count }, (_, n) => (n % 2 === 0 ? signUps : refreshes)(service, state, n))
  return {
    state,
    stop: async () => {
      state.isOver = true
      await Promise.all(writers)
    },
    lost: () => findLost(service, state),
  }
}

/** An answer, or undefined where it was 503. */
const attempt = async (state, work) => {
  const start = performance.now()
  const answer = await work().catch((error) => ({ status: error.code ?? error.message, headers: {} }))
  const { status, headers } = answer
  state.longest = Math.max(state.longest, performance.now() - start)
  state.tally.set(status, (state.tally.get(status) ?? 0) + 1)
  if (status === 200) state.lastOk = performance.now()
  if (status === 503 && !(Number(headers['retry-after']) > 0)) state.faults.push('503 without Retry-After')
  return status === 503 ? undefined : answer
}

const signUps = async (service, state, n) => {
  for (let i = 0; !state.isOver; i += 1) {
    const username = `writer-${n}-${i}`
    const answer = await attempt(state, () => service.signUp({ username, password }))
    // Without an answer it may have been kept or not.
    if (answer?.status === 200) state.accounts.push(username)
    else if (answer) state.faults.push(`a sign-up answered ${answer.status}`)
  }
}

const refreshes = async (service, state, n) => {
  const account = { username: `holder-${n}`, password }
  expectOk(await service.signUp(account))
  while (!state.isOver) {
    const opened = await attempt(state, () => service.logIn(account))
    if (opened && opened.status !== 200) state.faults.push(`a log-in answered ${opened.status}`)
    if (opened?.status === 200) await useSession(service, state, opened.body)
  }
}

const useSession = async (service, state, opened) => {
  const session = { tokens: opened }
  state.sessions.push(session)
  for (let i = 0; i < refreshesPerSession && !state.isOver; i += 1) {
    const answer = await attempt(state, () => service.refresh(session.tokens.refresh_token))
    if (answer?.status === 200) session.tokens = answer.body
    else if (answer) state.faults.push(`a refresh answered ${answer.status} ${answer.body?.error}`)
  }
  if (state.isOver) return
  const answer = await attempt(state, () => service.logOut(session.tokens.access_token))
  if (answer?.status === 200) state.ended.push(session)
  // One that got no answer may have been heard all the same.
  if (answer?.status !== 200) session.isUnknown = true
  if (answer && answer.status !== 200) state.faults.push(`a log-out answered ${answer.status}`)
}

const findLost = async (service, { accounts, sessions, ended }) => {
  const lost = []
  for (const username of accounts) {
    const { status } = await service.logIn({ username, password })
    if (status !== 200) lost.push(`a sign-up: the log-in answered ${status}`)
  }
  for (const session of sessions) {
    if (session.isUnknown) continue
    const { status } = await service.refresh(session.tokens.refresh_token)
    const isEnded = ended.includes(session)
    if (isEnded && status !== 400) lost.push(`a log-out: the refresh answered ${status}`)
    if (!isEnded && status !== 200) lost.push(`a refresh: the next one answered ${status}`)
  }
  return lost
}
