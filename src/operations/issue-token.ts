import type { Audit } from '../audit.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Input, Reply } from '../contract/types.ts'
import { Failure } from '../failure.ts'
import type { IssuedTokens, Sessions } from '../sessions/sessions.ts'
import type { Services } from './services.ts'

/** The token endpoint (RFC 6749, 3.2). One schema describes the form of all grants, so this handler checks the fields that
 * each grant requires. */
export const issueToken =
  ({ accounts, sessions }: Pick<Services, 'accounts' | 'sessions'>) =>
  async ({ body, audit }: Input<'issueToken'>): Promise<Reply<'issueToken'>> => {
    const tokens =
      body.grant_type === 'refresh_token'
        ? await refresh(sessions, body, audit)
        : await logIn(accounts, sessions, body, audit)
    return {
      status: 200,
      body: {
        access_token: tokens.accessToken,
        token_type: 'bearer',
        expires_in: tokens.expiresInSeconds,
        refresh_token: tokens.refreshToken,
        scope: tokens.scope,
      },
    }
  }

type Form = Input<'issueToken'>['body']

/** The password grant (RFC 6749, 4.3). */
const logIn = async (accounts: Accounts, sessions: Sessions, form: Form, audit: Audit): Promise<IssuedTokens> => {
  const name = required(form.username, 'username')
  const password = required(form.password, 'password')
  sessions.assertDeclared(form.scope)
  const account = await accounts.authenticate(name, password, audit)
  return sessions.open({ account, clientId: form.client_id, scope: form.scope }, audit)
}

/** The refresh token grant (RFC 6749, 6). */
const refresh = (sessions: Sessions, form: Form, audit: Audit): Promise<IssuedTokens> =>
  sessions.refresh(
    {
      refreshToken: required(form.refresh_token, 'refresh_token'),
      clientId: form.client_id,
      scope: form.scope,
    },
    audit,
  )

const required = (value: string | undefined, parameter: string): string => {
  if (value === undefined) throw new Failure('invalid-request', { detail: `${parameter} is required` })
  return value
}
