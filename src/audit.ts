/** Something that whoever looks after the service may have to find out later: who did what, from where. */
export interface AuditEvent {
  /** Names never change their meaning. */
  readonly event:
    | 'signed_up'
    | 'logged_in'
    | 'login_failed'
    | 'refreshed'
    | 'reuse_detected'
    | 'revoked'
    | 'password_changed'
    | 'account_deleted'
  /** As entered at sign-up. Left out for a name that does not exist: people type passwords there. */
  readonly username?: string | undefined
  /** The id of the session. */
  readonly session?: string
  /** How the client named itself. */
  readonly client?: string
}

/** Writes an event of the request at hand to the log, with the request's id and the client's address. */
export type Audit = (event: AuditEvent) => void
