import { Failure } from '../failure.ts'
import { isObject } from '../json.ts'
import type { ReadBody } from './context.ts'

const basic = /^basic +([A-Za-z0-9+/]+=*) *$/i

/** Reads a form and the client that HTTP Basic names. The client becomes the form's `client_id`, because RFC 6749, 2.3.1
 * has both spellings. An empty name counts as absent, and a header that is not Basic is ignored.
 * @throws Failure 'invalid-request': the form names another client
 * @throws Failure of `readForm` */
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

// Both halves are form-encoded before they are joined. Many clients skip that, so undecodable text stays as it is.
const decodeForm = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
