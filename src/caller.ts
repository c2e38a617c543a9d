/** The account and the session that a valid access token stands for. Every handler of a secured operation gets one. */
export interface Caller {
  /** The name as the user entered it at sign-up. */
  readonly username: string
  readonly accountId: string
  readonly sessionId: string
  readonly clientId: string
  /** The scopes of the token, separated by spaces; empty when it has none. */
  readonly scope: string
  /** When the user logged in; seconds since 1970. */
  readonly authenticatedAt: number
}
