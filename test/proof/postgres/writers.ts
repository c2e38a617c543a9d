// Runs clients that write all the time, and remembers what the service has acknowledged.
import { expectOk, type Operations, type Received } from '../../support/http.ts'
import type { Tokens } from '../session-races/race.ts'

const password = 'a password of the proof'
const refreshesPerSession = 10

interface Session {
  tokens: Tokens
  /** Whether its log-out got no response, so that the session may have ended. */
  isUnknown?: boolean
}

interface State {
  isOver: boolean
  /** The status of each response so far, or the error of the request. */
  readonly statuses: (number | string)[]
  /** What is wrong with responses. */
  readonly faults: string[]
  longest: number
  readonly accounts: string[]
  readonly sessions: Session[]
  readonly ended: Session[]
  lastOk: number
}

/** Starts writers. Half of them sign up; the others refresh a session, log out, and log in again.
 * @returns the state; `stop`, which stops the writers; and `lost`, which lists acknowledged writes that are not
 * there */
export const startWriters = (service: Operations, count: number) => {
  const state: State = {
    isOver: false,
    statuses: [],
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
    stop: async (): Promise<void> => {
      state.isOver = true
      await Promise.all(writers)
    },
    lost: () => findLost(service, state),
  }
}

export const codeOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}

/** Sends a request, and notes its status and its duration.
 * @returns the response; undefined where it is 503; an empty object where the request failed */
const attempt = async (state: State, work: () => Promise<Received>): Promise<Partial<Received> | undefined> => {
  const start = performance.now()
  const answer = await work().catch((error: unknown) => ({ error: codeOf(error) }))
  const { status, headers } = 'error' in answer ? { status: answer.error, headers: {} } : answer
  state.longest = Math.max(state.longest, performance.now() - start)
  state.statuses.push(status)
  if (status === 200) state.lastOk = performance.now()
  if (status === 503 && !(Number((headers as Received['headers'])['retry-after']) > 0))
    state.faults.push('503 without Retry-After')
  if (status === 503) return undefined
  return 'error' in answer ? {} : answer
}

const signUps = async (service: Operations, state: State, n: number): Promise<void> => {
  for (let i = 0; !state.isOver; i += 1) {
    const username = `writer-${n}-${i}`
    const answer = await attempt(state, () => service.signUp({ username, password }))
    // Without a response, the account may exist or not.
    if (answer?.status === 200) state.accounts.push(username)
    else if (answer) state.faults.push(`a sign-up answered ${answer.status}`)
  }
}

const refreshes = async (service: Operations, state: State, n: number): Promise<void> => {
  const account = { username: `holder-${n}`, password }
  expectOk(await service.signUp(account))
  while (!state.isOver) {
    const opened = await attempt(state, () => service.logIn(account))
    if (opened && opened.status !== 200) state.faults.push(`a log-in answered ${opened.status}`)
    if (opened?.status === 200) await useSession(service, state, opened.json)
  }
}

const useSession = async (service: Operations, state: State, opened: Tokens): Promise<void> => {
  const session: Session = { tokens: opened }
  state.sessions.push(session)
  for (let i = 0; i < refreshesPerSession && !state.isOver; i += 1) {
    const answer = await attempt(state, () => service.refresh(session.tokens.refresh_token))
    if (answer?.status === 200) session.tokens = answer.json
    else if (answer) state.faults.push(`a refresh answered ${answer.status} ${answer.json?.error}`)
  }
  if (state.isOver) return
  const answer = await attempt(state, () => service.logOut(session.tokens.access_token))
  if (answer?.status === 200) state.ended.push(session)
  // A log-out without a response may have ended the session.
  if (answer?.status !== 200) session.isUnknown = true
  if (answer && answer.status !== 200) state.faults.push(`a log-out answered ${answer.status}`)
}

const findLost = async (service: Operations, { accounts, sessions, ended }: State): Promise<readonly string[]> => {
  const lost: string[] = []
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
