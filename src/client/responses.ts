import type { ErrorCode, OAuthError } from '../contract/types.ts'
import { type InvalidPlace, SesameError } from './error.ts'

/** The error of a response, or undefined if it is a success with a JSON object.
 * @throws SesameError 'network-failure' if the response breaks off */
export const findFailure = async (request: Request, response: Response): Promise<SesameError | undefined> => {
  const body = await readObject(request, response)
  if (response.ok && body) return undefined
  return (!response.ok && body && declaredError(response, body)) || undeclaredResponse(response)
}

export const networkFailure = ({ method, url }: Request, cause: unknown): SesameError =>
  new SesameError('network-failure', { detail: `No complete response to ${method} ${url}`, cause })

export const undeclaredResponse = (response: Response): SesameError => {
  const mediaType = response.headers.get('Content-Type') ?? 'without a media type'
  const shown = response.type === 'opaqueredirect' ? 'a redirect' : `${response.status} ${mediaType}`
  const detail = `The contract does not declare this response from ${response.url}: ${shown}`
  return new SesameError('undeclared-answer', { detail, ...responseFields(response) })
}

type Body = Readonly<Record<string, unknown>>

/** Returns the body if it is a JSON object. The response can still be read afterwards. */
const readObject = async (request: Request, response: Response): Promise<Body | undefined> => {
  const text = await readText(request, response)
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : undefined
  } catch {
    return undefined
  }
}

const readText = async (request: Request, response: Response): Promise<string> => {
  try {
    return await response.clone().text()
  } catch (error) {
    // The response broke off, or the `fetch` option returned something else than a response.
    throw networkFailure(request, error)
  }
}

/** The error in a body of one of the contract's two forms: a problem document, or an OAuth error (RFC 6749, 5.2). */
const declaredError = (response: Response, body: Body): SesameError | undefined => {
  const { type, error_description: description, detail, errors } = body
  const code = type === 'about:blank' ? body.code : typeof description === 'string' ? body.error : undefined
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined
  return new SesameError(code as ErrorCode | OAuthError['error'], {
    detail,
    errors: Array.isArray(errors) ? (errors as readonly InvalidPlace[]) : [],
    ...responseFields(response),
  })
}

const responseFields = ({ status, headers }: Response) => ({
  // A browser reports status 0 for a redirect that it does not follow.
  status: status || undefined,
  requestId: headers.get('X-Request-Id') ?? undefined,
  retryAfterSeconds: wholeNumber(headers.get('Retry-After')),
})

/** Undefined for any other text: a proxy may send a date in Retry-After. */
const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number(text) : undefined
