// The report of a journey through the service. The proof copies this file beside each generated client.

/** The name is new for each journey, because all journeys use one service. */
export const account = { username: crypto.randomUUID(), password: 'a password of the proof' }

export interface Report {
  readonly created: { readonly status: number | undefined; readonly message: string; readonly requestId: string }
  readonly loggedIn: { readonly token_type: 'bearer'; readonly expires_in: number }
  readonly greeted: { readonly message: string }
  /** The sessions of two log-ins, on two pages of one session. */
  readonly listed: readonly { readonly sessions: number; readonly isLast: boolean }[]
  /** The response to the end of the other session. */
  readonly ended: { readonly message: string }
  /** The problem document for the same sign-up again. */
  readonly taken: { readonly status: number | undefined; readonly code: string; readonly detail: string }
  /** The OAuth error for a wrong password. */
  readonly refused: { readonly status: number | undefined; readonly error: string }
  /** The problem document for a token that lacks the scope. */
  readonly forbidden: { readonly status: number | undefined; readonly code: string; readonly challenge: string }
}

export const tell = (report: Report) => console.log(JSON.stringify({ username: account.username, ...report }))
