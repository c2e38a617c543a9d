// The journey of clients whose functions return the status beside the body. The status tells the type of the body.
import {
  endSession,
  type ErrorCode,
  issueToken,
  listSessions,
  type OAuthError,
  readProtected,
  signup,
} from './client/sesame'
import { account, tell } from './report'

const created = await signup(account)
const loggedIn = await issueToken(account)
const narrow = await issueToken({ ...account, scope: 'account:read' })
if (created.status !== 200 || loggedIn.status !== 200 || narrow.status !== 200) throw new Error('refused')
const withToken = ({ access_token: token }: { readonly access_token: string }) => ({
  headers: { Authorization: `Bearer ${token}` },
})

const greeted = await readProtected(withToken(loggedIn.data))
if (greeted.status !== 200) throw new Error('no greeting')

const first = await listSessions({ limit: 1 }, withToken(loggedIn.data))
if (first.status !== 200 || first.data.next_cursor === undefined) throw new Error('one page only')
const second = await listSessions({ limit: 1, cursor: first.data.next_cursor }, withToken(loggedIn.data))
if (second.status !== 200) throw new Error('no second page')
const other = [...first.data.sessions, ...second.data.sessions].find((session) => !session.is_current)
if (other === undefined) throw new Error('no other session')
const forbidden = await listSessions({}, withToken(narrow.data))
const ended = await endSession(other.session_id, withToken(loggedIn.data))
if (ended.status !== 200) throw new Error('not ended')

const taken = await signup(account)
const refused = await issueToken({ ...account, password: 'another one' })
if (taken.status !== 400 || refused.status !== 401 || forbidden.status !== 403) throw new Error('not refused')
const code: ErrorCode = taken.data.code
const forbiddenCode: ErrorCode = forbidden.data.code
const error: OAuthError['error'] = refused.data.error

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
  taken: { status: taken.status, code, detail: taken.data.detail },
  refused: { status: refused.status, error },
  forbidden: {
    status: forbidden.status,
    code: forbiddenCode,
    challenge: forbidden.headers.get('WWW-Authenticate') ?? '',
  },
})
