import { Failure } from '../failure.ts'
import { isObject } from '../json.ts'
import type { ReadBody } from './context.ts'

const basic = /^basic +([A-Za-z0-9+/]+=*) *$/i

/** Reads a form and sets its `client_id` to the username of HTTP Basic, because RFC 6749, 2.3.1 allows both. An empty
 * username counts as absent. A header of another scheme is ignored.
 * @throws Failure 'invalid-request' when the form names another client
 * @throws Failure when `readForm` fails */
export const withBasicClient =
  (readForm: ReadBody): ReadBody =>
  async (ctx) => {
    const form = await readForm(ctx)
    const clientId = basicClient(ctx.req.headers.authorization)
    if (clientId === '' || !isObject(form)) return form
    if (form.client_id !== undefined && form.client_id !== clientId) {
      throw new Failure('invalid-request', { detail: 'The form and the Authorization header name different clients' })
    }
    return { ...form, client_id: clientId }
  }

const basicClient = (authorization = ''): string => {
  const [, encoded = ''] = basic.exec(authorization) ?? []
  const [user = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)
  return decodeForm(user)
}

// RFC 6749, 2.3.1 requires form encoding here. Many clients skip it, so we return text that cannot be decoded unchanged.
const decodeForm = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
