import type { ErrorCode, OAuthError } from '../contract/types.ts'
import { type InvalidPlace, SesameError } from './error.ts'

/** What an answer fails with; undefined where it is a success in the contract's form.
 * @throws SesameError 'network-failure' where the answer breaks off */
export const findFailure = async (request: Request, response: Response): Promise<SesameError | undefined> => {
  const body = await readObject(request, response)
  if (response.ok && body) return undefined
  return (!response.ok && body && declaredError(response, body)) || undeclaredAnswer(response)
}

export const networkFailure = ({ method, url }: Request, cause: unknown): SesameError =>
  new SesameError('network-failure', { detail: `No whole answer came to ${method} ${url}`, cause })

export const undeclaredAnswer = (response: Response): SesameError => {
  const mediaType = response.headers.get('Content-Type') ?? 'without a media type'
  const shown = response.type === 'opaqueredirect' ? 'a redirect' : `${response.status} ${mediaType}`
  const detail = `The contract does not declare what ${response.url} answered: ${shown}`
  return new SesameError('undeclared-answer', { detail, ...envelope(response) })
}

type Body = Readonly<Record<string, unknown>>

/** The body where it is a JSON object. The response itself can still be read. */
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
    // The answer has broken off, or what stands in for `fetch` has returned none.
    throw networkFailure(request, error)
  }
}

/** The error of a body in one of the contract's two forms: a problem document, or RFC 6749, 5.2. */
const declaredError = (response: Response, body: Body): SesameError | undefined => {
  const { type, error_description: description, detail, errors } = body
  const code = type === 'about:blank' ? body.code : typeof description === 'string' ? body.error : undefined
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined
  return new SesameError(code as ErrorCode | OAuthError['error'], {
    detail,
    errors: Array.isArray(errors) ? (errors as readonly InvalidPlace[]) : [],
    ...envelope(response),
  })
}

const envelope = ({ status, headers }: Response) => ({
  // A browser shows 0 for a redirect that it does not follow.
  status: status || undefined,
  requestId: headers.get('X-Request-Id') ?? undefined,
  retryAfterSeconds: wholeNumber(headers.get('Retry-After')),
})

/** A proxy may give a date instead. */
const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number(text) : undefined
