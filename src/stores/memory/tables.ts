import type { Account } from '../../accounts/account-store.ts'
import type { Clock } from '../../clock.ts'
import type { SessionLifetimes } from '../../sessions/session-store.ts'
import { createSessionTable, type SessionTable } from './session-table.ts'

/** What the memory stores share, since some of their verbs change accounts and sessions in one step. */
export interface Tables {
  /** By id; undefined for one that was deleted, whose id stays taken. */
  readonly accounts: Map<string, Account | undefined>
  readonly sessions: SessionTable
  readonly clock: Clock
}

export const createTables = (lifetimes: SessionLifetimes, clock: Clock): Tables => ({
  accounts: new Map(),
  sessions: createSessionTable(lifetimes, clock),
  clock,
})
