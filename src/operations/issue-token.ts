import type { Input, Reply } from '../contract/types.ts'
import { Failure } from '../failure.ts'
import type { Services } from './services.ts'

/** The token endpoint (RFC 6749, 4.3). The form is one flat schema for all grants, so that what a grant needs
 * is checked here. */
export const issueToken =
  ({ accounts, sessions }: Pick<Services, 'accounts' | 'sessions'>) =>
  async ({ body }: Input<'issueToken'>): Promise<Reply<'issueToken'>> => {
    const name = required(body.username, 'username')
    const password = required(body.password, 'password')
    const username = await accounts.authenticate(name, password)
    const tokens = sessions.open({ username, clientId: body.client_id, scope: body.scope })
    return {
      status: 200,
      body: {
        access_token: tokens.accessToken,
        token_type: 'bearer',
        expires_in: tokens.expiresInSeconds,
        scope: tokens.scope,
      },
    }
  }

const required = (value: string | undefined, parameter: string): string => {
  if (value === undefined) throw new Failure('invalid-request', { detail: `${parameter} is required` })
  return value
}
