import type { Selectable } from 'kysely'

/** The tables that the migrations create. Times are seconds since 1970. */
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
  /** The earlier end of the two session lifetimes. */
  expires_at: number
  generation: number
  /** In base64url. */
  secret: string
}

// Queries name their columns. With `*`, a prepared statement fails once a newer version adds a column.
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
