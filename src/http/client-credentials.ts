import { Failure } from '../failure.ts'

const basic = /^basic +([A-Za-z0-9+/]+=*) *$/i

/** A form with the client that HTTP Basic names, as if it were named in the form: RFC 6749, 2.3.1 has both
 * spellings. An empty name counts as absent; a header that is not Basic is left alone.
 * @throws Failure 'invalid-request': the form names another client */
export const withBasicClient = (
  form: Readonly<Record<string, string>>,
  authorization: string | undefined,
): Readonly<Record<string, string>> => {
  const encoded = basic.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return form
  const [user = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)
  const clientId = decodeForm(user)
  if (clientId === '') return form
  if (form.client_id !== undefined && form.client_id !== clientId) {
    throw new Failure('invalid-request', { detail: 'The form and the Authorization header name different clients' })
  }
  return { ...form, client_id: clientId }
}

// Both halves are form-encoded before they are joined; many clients forget, so what is not decodable stays.
const decodeForm = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
