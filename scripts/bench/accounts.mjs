// Creates the accounts and the sessions of a case before the measurement.
import { expectOk, logIn, plainClient, signUp } from '../../test/support/http.ts'

export const password = 'a password of the bench'

export const openAccount = async (url, username) => {
  expectOk(await signUp(plainClient(url), username, password))
}

/** @returns the response body: `access_token`, and from Sesame also `refresh_token` */
export const openSession = async (url, username) => expectOk(await logIn(plainClient(url), username, password))

export const openSessions = async (url, username, count) => {
  const sessions = []
  while (sessions.length < count) sessions.push(await openSession(url, username))
  return sessions
}
