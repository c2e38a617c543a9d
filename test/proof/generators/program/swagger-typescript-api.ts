import { Api, type ErrorCode, type OAuthError } from './client/sesame'
import { account, tell } from './report'

const api = new Api<string>({
  securityWorker: (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
})
// The client throws every response that is not a success, and TypeScript does not type what is thrown.
type Signup = Awaited<ReturnType<typeof api.signup.signup>>
type LogIn = Awaited<ReturnType<typeof api.token.issueToken>>
type Sessions = Awaited<ReturnType<typeof api.sessions.listSessions>>

const created = await api.signup.signup(account)
const loggedIn = await api.token.issueToken(account)
const narrow = await api.token.issueToken({ ...account, scope: 'account:read' })

api.setSecurityData(narrow.data.access_token)
const forbidden = await api.sessions.listSessions().catch((answer: Sessions) => answer)

api.setSecurityData(loggedIn.data.access_token)
const greeted = await api.protected.readProtected()

const first = await api.sessions.listSessions({ limit: 1 })
const cursor = first.data.next_cursor
if (cursor === undefined) throw new Error('one page only')
const second = await api.sessions.listSessions({ limit: 1, cursor })
const other = [...first.data.sessions, ...second.data.sessions].find((session) => !session.is_current)
if (other === undefined) throw new Error('no other session')
const ended = await api.sessions.endSession(other.session_id)

const taken = await api.signup.signup(account).catch((answer: Signup) => answer)
const refused = await api.token.issueToken({ ...account, password: 'another one' }).catch((answer: LogIn) => answer)
const code: ErrorCode = taken.error.code
const forbiddenCode: ErrorCode = forbidden.error.code
const error: OAuthError['error'] = refused.error.error

tell({
  created: {
    status: created.status,
    message: created.data.message,
    requestId: created.headers.get('X-Request-Id') ?? '',
  },
  loggedIn: { token_type: loggedIn.data.token_type, expires_in: loggedIn.data.expires_in },
  greeted: { message: greeted.data.message },
  listed: [first.data, second.data].map(({ sessions, next_cursor: next }) => ({
    sessions: sessions.length,
    isLast: next === undefined,
  })),
  ended: { message: ended.data.message },
  taken: { status: taken.status, code, detail: taken.error.detail },
  refused: { status: refused.status, error },
  forbidden: {
    status: forbidden.status,
    code: forbiddenCode,
    challenge: forbidden.headers.get('WWW-Authenticate') ?? '',
  },
})
