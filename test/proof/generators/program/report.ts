// What a journey through the service tells at its end. It is copied beside each generated client.

/** A new name each time, since all journeys lead through one service. */
export const account = { username: crypto.randomUUID(), password: 'a password of the proof' }

export interface Report {
  readonly created: { readonly status: number | undefined; readonly message: string; readonly requestId: string }
  readonly loggedIn: { readonly token_type: 'bearer'; readonly expires_in: number }
  readonly greeted: { readonly message: string }
  /** Two log-ins, listed by two pages of one. */
  readonly listed: readonly { readonly sessions: number; readonly isLast: boolean }[]
  /** The other log-in, by the id of its session. */
  readonly ended: { readonly message: string }
  /** The same sign-up again, as problem document. */
  readonly taken: { readonly status: number | undefined; readonly code: string; readonly detail: string }
  /** A wrong password, in the form of OAuth. */
  readonly refused: { readonly status: number | undefined; readonly error: string }
  /** A scope that the token has not. */
  readonly forbidden: { readonly status: number | undefined; readonly code: string; readonly challenge: string }
}

export const tell = (report: Report) => console.log(JSON.stringify({ username: account.username, ...report }))
