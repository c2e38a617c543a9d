import type { Input, Reply } from '../contract/types.ts'

export const readProtected =
  () =>
  async ({ caller }: Input<'readProtected'>): Promise<Reply<'readProtected'>> => ({
    status: 200,
    body: { message: `Hello ${caller.username}! This is a protected route` },
  })
