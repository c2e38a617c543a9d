import type { Input, Reply } from '../contract/types.ts'
import type { Services } from './services.ts'
import { timestamp } from './timestamp.ts'

export const listSessions =
  ({ sessions }: Pick<Services, 'sessions'>) =>
  async ({ query, caller }: Input<'listSessions'>): Promise<Reply<'listSessions'>> => {
    // Validation sets the contract's default when the request has no limit.
    const page = await sessions.list(caller.accountId, Number(query.limit), query.cursor)
    return {
      status: 200,
      body: {
        sessions: page.sessions.map(({ id, clientId, scope, openedAt, refreshedAt }) => ({
          session_id: id,
          client_id: clientId,
          scope,
          created_at: timestamp(openedAt),
          refreshed_at: timestamp(refreshedAt),
          is_current: id === caller.sessionId,
        })),
        ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
      },
    }
  }
