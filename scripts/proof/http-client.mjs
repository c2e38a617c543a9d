// Requests as a client sends them, with the time that the answer took.
import { request } from 'node:http'

const timeoutMilliseconds = 60_000

/** @param options of node:http's `request`, and the text of the body
 * @returns the whole answer; the time is from the first byte sent to the last one received */
export const send = (url, { body, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { timeout: timeoutMilliseconds, ...options })
    const start = performance.now()
    outgoing.once('timeout', () => outgoing.destroy(new Error('No answer in time')))
    outgoing.once('error', reject)
    outgoing.once('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      answer.once('error', reject)
      answer.once('end', () => {
        const { statusCode: status, headers } = answer
        resolve({ status, headers, body: text, milliseconds: performance.now() - start })
      })
    })
    outgoing.end(body)
  })

export const signUp = (url, account, options) =>
  send(`${url}/signup`, {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(account),
  })

/** @param account `{ username, password }` */
export const logIn = (url, account, options) =>
  send(`${url}/token`, {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams(account)),
  })
