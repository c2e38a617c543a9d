import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

/** The revocation endpoint (RFC 7009): what is not valid needs no revocation, so that is no error. */
export const revokeToken =
  ({ sessions }: Pick<Services, 'sessions'>) =>
  async ({ body, audit }: Input<'revokeToken'>): Promise<Reply<'revokeToken'>> => {
    await sessions.revoke(body.token, audit)
    return { status: 200, body: { message: 'Token revoked' } }
  }
