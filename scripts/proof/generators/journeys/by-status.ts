// For clients whose functions yield the status beside the body: the one tells the type of the other.
import { type ErrorCode, issueToken, type OAuthError, readProtected, signup } from './client/sesame'
import { account, tell } from './report'

const created = await signup(account)
const loggedIn = await issueToken(account)
if (created.status !== 200 || loggedIn.status !== 200) throw new Error('refused')

const greeted = await readProtected({ headers: { Authorization: `Bearer ${loggedIn.data.access_token}` } })
if (greeted.status !== 200) throw new Error('no greeting')

const taken = await signup(account)
const refused = await issueToken({ ...account, password: 'another one' })
if (taken.status !== 400 || refused.status !== 401) throw new Error('not refused')
const code: ErrorCode = taken.data.code
const error: OAuthError['error'] = refused.data.error

tell({
  created: {
    status: created.status,
    message: created.data.message,
    requestId: created.headers.get('X-Request-Id') ?? '',
  },
  loggedIn: { token_type: loggedIn.data.token_type, expires_in: loggedIn.data.expires_in },
  greeted: { message: greeted.data.message },
  taken: { status: taken.status, code, detail: taken.data.detail },
  refused: { status: refused.status, error },
})
