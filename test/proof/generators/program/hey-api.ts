import { endSession, type ErrorCode, issueToken, listSessions, type OAuthError, readProtected, signup } from './client'
import { account, tell } from './report'

const created = await signup({ body: account })
const loggedIn = await issueToken({ body: account })
const narrow = await issueToken({ body: { ...account, scope: 'account:read' } })
if (created.data === undefined || loggedIn.data === undefined || narrow.data === undefined) throw new Error('refused')
const auth = loggedIn.data.access_token

const greeted = await readProtected({ auth, throwOnError: true })

const first = await listSessions({ auth, query: { limit: 1 }, throwOnError: true })
const cursor = first.data.next_cursor
if (cursor === undefined) throw new Error('one page only')
const second = await listSessions({ auth, query: { limit: 1, cursor }, throwOnError: true })
const other = [...first.data.sessions, ...second.data.sessions].find((session) => !session.is_current)
if (other === undefined) throw new Error('no other session')
const forbidden = await listSessions({ auth: narrow.data.access_token })
const ended = await endSession({ auth, path: { session_id: other.session_id }, throwOnError: true })

const taken = await signup({ body: account })
const refused = await issueToken({ body: { ...account, password: 'another one' } })
if (taken.error === undefined || refused.error === undefined || forbidden.error === undefined) {
  throw new Error('not refused')
}
const code: ErrorCode = taken.error.code
const forbiddenCode: ErrorCode = forbidden.error.code
const error: OAuthError['error'] = refused.error.error

tell({
  created: {
    status: created.response?.status,
    message: created.data.message,
    requestId: created.response?.headers.get('X-Request-Id') ?? '',
  },
  loggedIn: { token_type: loggedIn.data.token_type, expires_in: loggedIn.data.expires_in },
  greeted: { message: greeted.data.message },
  listed: [first.data, second.data].map(({ sessions, next_cursor: next }) => ({
    sessions: sessions.length,
    isLast: next === undefined,
  })),
  ended: { message: ended.data.message },
  taken: { status: taken.response?.status, code, detail: taken.error.detail },
  refused: { status: refused.response?.status, error },
  forbidden: {
    status: forbidden.response?.status,
    code: forbiddenCode,
    challenge: forbidden.response?.headers.get('WWW-Authenticate') ?? '',
  },
})
