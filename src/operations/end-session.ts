import type { Input, Reply } from '../contract/types.ts'
import { Failure } from '../failure.ts'
import type { Services } from './services.ts'

export const endSession =
  ({ sessions }: Pick<Services, 'sessions'>) =>
  async ({ params, caller, audit }: Input<'endSession'>): Promise<Reply<'endSession'>> => {
    const id = params.session_id.toLowerCase()
    if ((await sessions.end(caller, id, audit)) === 'unknown') throw new Failure('unknown-session')
    return { status: 200, body: { message: 'Session ended' } }
  }
