import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

export const deleteAccount =
  ({ accounts }: Pick<Services, 'accounts'>) =>
  async ({ caller, audit }: Input<'deleteAccount'>): Promise<Reply<'deleteAccount'>> => {
    await accounts.delete(caller, audit)
    return { status: 200, body: { message: 'Account deleted' } }
  }
