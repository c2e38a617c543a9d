import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

export const signup =
  ({ accounts }: Pick<Services, 'accounts'>) =>
  async ({ body, audit }: Input<'signup'>): Promise<Reply<'signup'>> => {
    await accounts.register(body.username, body.password, audit)
    return { status: 200, body: { message: 'User created successfully' } }
  }
