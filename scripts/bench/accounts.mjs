// Accounts and log-ins that a case needs before it is measured.
import { expectOk, logIn, plainClient, signUp } from '../../test/support/http.ts'

export const password = 'a password of the bench'

export const openAccount = async (url, username) => {
  expectOk(await signUp(plainClient(url), username, password))
}

/** @returns what the log-in issued: `access_token`, and from Sesame `refresh_token` */
export const openSession = async (url, username) => expectOk(await logIn(plainClient(url), username, password))

export const openSessions = async (url, username, count) => {
  const sessions = []
  while (sessions.length < count) sessions.push(await openSession(url, username))
  return sessions
}
