import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

export const logout =
  ({ sessions }: Pick<Services, 'sessions'>) =>
  async ({ caller, audit }: Input<'logout'>): Promise<Reply<'logout'>> => {
    await sessions.end(caller, caller.sessionId, audit)
    return { status: 200, body: { message: 'Logged out' } }
  }
