// Accounts and log-ins that a case needs before it is measured.
import { logIn, signUp } from '../proof/http-client.mjs'

export const password = 'a password of the bench'

export const openAccount = async (url, username) => {
  const { status, body } = await signUp(url, { username, password })
  if (status !== 200) throw new Error(`The response to a sign-up was ${status}: ${body}`)
}

/** @returns what the log-in issued: `access_token`, and from Sesame `refresh_token` */
export const openSession = async (url, username) => {
  const { status, body } = await logIn(url, { username, password })
  if (status !== 200) throw new Error(`The response to a log-in was ${status}: ${body}`)
  return JSON.parse(body)
}

export const openSessions = async (url, username, count) => {
  const sessions = []
  while (sessions.length < count) sessions.push(await openSession(url, username))
  return sessions
}
