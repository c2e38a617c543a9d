import type { Reply } from '../contract/types.ts'
import type { Services } from './services.ts'

export const readReadiness =
  ({ readiness }: Pick<Services, 'readiness'>) =>
  async (): Promise<Reply<'readReadiness'>> => {
    await readiness.assert()
    return { status: 200, body: { status: 'ready' } }
  }
