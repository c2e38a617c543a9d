import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

export const endOtherSessions =
  ({ sessions }: Pick<Services, 'sessions'>) =>
  async ({ caller, audit }: Input<'endOtherSessions'>): Promise<Reply<'endOtherSessions'>> => {
    await sessions.endOthers(caller, audit)
    return { status: 200, body: { message: 'Other sessions ended' } }
  }
