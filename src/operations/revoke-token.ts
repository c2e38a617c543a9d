import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

/** The revocation endpoint (RFC 7009). An invalid token is no error, because it needs no revocation (RFC 7009, 2.2). */
export const revokeToken =
  ({ sessions }: Pick<Services, 'sessions'>) =>
  async ({ body, audit }: Input<'revokeToken'>): Promise<Reply<'revokeToken'>> => {
    await sessions.revoke(body.token, audit)
    return { status: 200, body: { message: 'Token revoked' } }
  }
