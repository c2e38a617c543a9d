import { type ErrorCode, issueToken, type OAuthError, readProtected, signup } from './client'
import { account, tell } from './report'

const created = await signup({ body: account })
const loggedIn = await issueToken({ body: account })
if (created.data === undefined || loggedIn.data === undefined) throw new Error('refused')

const greeted = await readProtected({ auth: loggedIn.data.access_token, throwOnError: true })

const taken = await signup({ body: account })
const refused = await issueToken({ body: { ...account, password: 'another one' } })
if (taken.error === undefined || refused.error === undefined) throw new Error('not refused')
const code: ErrorCode = taken.error.code
const error: OAuthError['error'] = refused.error.error

tell({
  created: {
    status: created.response?.status,
    message: created.data.message,
    requestId: created.response?.headers.get('X-Request-Id') ?? '',
  },
  loggedIn: { token_type: loggedIn.data.token_type, expires_in: loggedIn.data.expires_in },
  greeted: { message: greeted.data.message },
  taken: { status: taken.response?.status, code, detail: taken.error.detail },
  refused: { status: refused.response?.status, error },
})
