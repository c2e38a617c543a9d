import { Api, type ErrorCode, type OAuthError } from './client/sesame'
import { account, tell } from './report'

const api = new Api<string>({
  securityWorker: (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
})
// Whatever is no success is thrown, and nothing that is thrown has a type of its own.
type Signup = Awaited<ReturnType<typeof api.signup.signup>>
type LogIn = Awaited<ReturnType<typeof api.token.issueToken>>

const created = await api.signup.signup(account)
const loggedIn = await api.token.issueToken(account)

api.setSecurityData(loggedIn.data.access_token)
const greeted = await api.protected.readProtected()

const taken = await api.signup.signup(account).catch((answer: Signup) => answer)
const refused = await api.token.issueToken({ ...account, password: 'another one' }).catch((answer: LogIn) => answer)
const code: ErrorCode = taken.error.code
const error: OAuthError['error'] = refused.error.error

tell({
  created: {
    status: created.status,
    message: created.data.message,
    requestId: created.headers.get('X-Request-Id') ?? '',
  },
  loggedIn: { token_type: loggedIn.data.token_type, expires_in: loggedIn.data.expires_in },
  greeted: { message: greeted.data.message },
  taken: { status: taken.status, code, detail: taken.error.detail },
  refused: { status: refused.status, error },
})
