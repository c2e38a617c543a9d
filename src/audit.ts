/** A security event, so that operators can find out later who did what, and from where. */
export interface AuditEvent {
  /** A name never changes its meaning. */
  readonly event:
    | 'signed_up'
    | 'logged_in'
    | 'login_failed'
    | 'refreshed'
    | 'reuse_detected'
    | 'revoked'
    | 'password_changed'
    | 'account_deleted'
  /** As entered at sign-up. Undefined for a name that does not exist, because it may be a mistyped password. */
  readonly username?: string | undefined
  /** The id of the session. */
  readonly session?: string
  /** The client_id of the session. */
  readonly client?: string
}

/** Logs an event of the current request, with the request's id and the client's address. */
export type Audit = (event: AuditEvent) => void
