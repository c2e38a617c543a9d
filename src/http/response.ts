import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Conformance } from '../contract/conformance.ts'
import type { Operation } from '../contract/operations.ts'
import type { Context, Response } from './context.ts'
import { headerEntries, type HeaderList } from './headers.ts'

/** The return value of any handler, without the types of the contract. */
export interface AnyReply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string | number>> | undefined
}

/** Renders the reply of a handler in the media type that the contract declares.
 * @throws Error when the reply lacks a declared body, has an undeclared one, or has an invalid header */
export const renderReply = ({ id, responses }: Operation, { status, body, headers }: AnyReply): Response => {
  const mediaType = responses.get(status)?.mediaType
  if ((mediaType === undefined) !== (body === undefined))
    throw new Error(`${id} responds ${status} ${body === undefined ? 'without its body' : 'with an undeclared body'}`)
  return {
    status,
    headers: headers ? validated(headers) : [],
    content: mediaType === undefined ? undefined : { mediaType, text: JSON.stringify(body) },
  }
}

const validated = (headers: NonNullable<AnyReply['headers']>): HeaderList =>
  Object.entries(headers).flatMap(([name, value]) => {
    validateHeaderName(name)
    validateHeaderValue(name, String(value))
    return [name, String(value)]
  })

/** Sends a response in one write, bypassing Koa.
 * @param common the headers that every response has */
export const send = (ctx: Context, response: Response, common: HeaderList): void => {
  ctx.respond = false
  ctx.res.writeHead(response.status, [...common, ...headersOf(response)]).end(response.content?.text)
}

/** Adds headers to a response that Koa sends. */
export const addHeaders = (ctx: Context, headers: HeaderList): void => {
  for (const [name, value] of headerEntries(headers)) ctx.set(name, value)
}

/** The headers of a response, including those of its content. */
export const headersOf = ({ status, headers, content }: Response): HeaderList => {
  if (content === undefined) return status === 204 ? headers : [...headers, 'Content-Length', '0']
  // Windows PowerShell 5 decodes JSON without a charset as Latin-1.
  const mediaType = `${content.mediaType}; charset=utf-8`
  return [...headers, 'Content-Type', mediaType, 'Content-Length', String(Buffer.byteLength(content.text))]
}

/** Lists how a response violates the contract. Pages cannot, because the contract does not describe them. */
export const violationsOf = (ctx: Context, common: HeaderList, conformance: Conformance): readonly string[] => {
  const { response, operation, isPage } = ctx.state
  if (isPage && !response) return []
  const headers = headerEntries(response ? [...common, ...headersOf(response)] : common)
  const names = headers.map(([name]) => name.toLowerCase())
  const repeated = names.filter((name, i) => names.indexOf(name) < i)
  return [
    ...repeated.map((name) => `the header ${name} is repeated`),
    ...conformance(operation?.id, {
      status: response?.status ?? ctx.status,
      headers: {
        ...ctx.response.headers,
        ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      },
      body: ctx.method === 'HEAD' ? undefined : (response?.content?.text ?? ''),
    }),
  ]
}
