/** The account and the session of a valid access token. Every handler of a secured operation receives one. */
export interface Caller {
  /** The name as the user entered it at sign-up. */
  readonly username: string
  readonly accountId: string
  readonly sessionId: string
  readonly clientId: string
  /** The scopes of the token, separated by spaces; empty when it has none. */
  readonly scope: string
  /** When the user logged in, in seconds since 1970. */
  readonly authenticatedAt: number
}
