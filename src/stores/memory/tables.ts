import type { Account } from '../../accounts/account-store.ts'
import type { Clock } from '../../clock.ts'
import type { SessionLifetimes } from '../../sessions/session-store.ts'
import { createSessionTable, type SessionTable } from './session-table.ts'

/** The data of both memory stores. They share it, because some methods change accounts and sessions in one step. */
export interface Tables {
  /** The accounts by id. Undefined means that the account was deleted; its id stays taken. */
  readonly accounts: Map<string, Account | undefined>
  readonly sessions: SessionTable
  readonly clock: Clock
}

export const createTables = (lifetimes: SessionLifetimes, clock: Clock): Tables => ({
  accounts: new Map(),
  sessions: createSessionTable(lifetimes, clock),
  clock,
})
