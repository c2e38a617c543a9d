import type { Selectable } from 'kysely'

/** The tables, as the migrations make them. Times are seconds since 1970. */
export interface Schema {
  accounts: AccountTable
  sessions: SessionTable
}

interface AccountTable {
  id: string
  /** Null once the account is deleted; its id stays taken. */
  username: string | null
  password_hash: string | null
  credential_version: number
  created_at: number
}

interface SessionTable {
  id: string
  account_id: string
  credential_version: number
  client_id: string
  scope: string
  opened_at: number
  refreshed_at: number
  /** The earlier one of the two lifetimes. */
  expires_at: number
  generation: number
  /** In base64url. */
  secret: string
}

// Reading, they are named: with `*`, what was prepared fails as soon as a newer version adds one.
export const accountColumns = ['id', 'username', 'password_hash', 'credential_version', 'created_at'] as const
export const sessionColumns = [
  'id',
  'account_id',
  'credential_version',
  'client_id',
  'scope',
  'opened_at',
  'refreshed_at',
  'expires_at',
  'generation',
  'secret',
] as const

export type AccountRow = Selectable<AccountTable>
export type SessionRow = Selectable<SessionTable>
