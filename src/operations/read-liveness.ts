import type { Reply } from '../contract/types.ts'

export const readLiveness = () => async (): Promise<Reply<'readLiveness'>> => ({
  status: 200,
  body: { status: 'live' },
})
