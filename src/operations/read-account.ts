import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'
import { timestamp } from './timestamp.ts'

export const readAccount =
  ({ accounts }: Pick<Services, 'accounts'>) =>
  async ({ caller }: Input<'readAccount'>): Promise<Reply<'readAccount'>> => {
    const { username, createdAt } = await accounts.read(caller.accountId)
    return { status: 200, body: { username, created_at: timestamp(createdAt) } }
  }
