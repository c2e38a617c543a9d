import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

export const changePassword =
  ({ accounts }: Pick<Services, 'accounts'>) =>
  async ({ body, caller, audit }: Input<'changePassword'>): Promise<Reply<'changePassword'>> => {
    await accounts.changePassword(caller, { current: body.current_password, next: body.new_password }, audit)
    return { status: 200, body: { message: 'Password changed' } }
  }
