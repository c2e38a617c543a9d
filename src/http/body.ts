import type { IncomingMessage } from 'node:http'
import contentType from 'content-type'
import { HttpMethodEnum, koaBody } from 'koa-body'
import { Failure, invalidBody } from '../failure.ts'
import { hasDuplicateKeys, isObject } from '../json.ts'
import type { ReadBody } from './context.ts'
import { type Fields, parseMultipart } from './multipart.ts'
import { isBroken } from './parser-errors.ts'

const maxFields = 32
const json = 'application/json'
const urlencoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data'

/** Creates the body reader of an operation. koa-body collects the bytes, and the reader parses them. koa-body's own parsers
 * replace invalid UTF-8, keep the last of two equal keys and inflate compressed bodies (docs/decisions/003).
 * @param mediaTypes the media types that the operation declares
 * @param limitBytes the largest size of the whole body */
export const createBodyReader = (mediaTypes: readonly string[], limitBytes: number): ReadBody => {
  const accepted = mediaTypes.join(' or ')
  const collect = koaBody({
    json: false,
    urlencoded: false,
    text: true,
    textTypes: [json, urlencoded, multipart],
    textLimit: limitBytes,
    // latin1 turns each byte into one character.
    encoding: 'latin1',
    parsedMethods: [HttpMethodEnum.POST, HttpMethodEnum.PUT, HttpMethodEnum.PATCH, HttpMethodEnum.DELETE],
  })

  return async (ctx) => {
    const { headers } = ctx.req
    if (isBroken(ctx.req)) throw new Failure('malformed-body')
    if (headers['content-encoding'] !== undefined)
      throw new Failure('unsupported-media-type', { detail: 'The request body must not be compressed' })
    if (Number(headers['content-length'] ?? 0) > limitBytes) throw new Failure('body-too-large')
    const mediaType = mediaTypeOf(ctx.req, mediaTypes)
    if (mediaType === undefined || !mediaTypes.includes(mediaType))
      throw new Failure('unsupported-media-type', { detail: `The request body must be ${accepted} in UTF-8` })
    try {
      await collect(ctx, async () => undefined)
      const body: unknown = ctx.request.body
      const bytes = Buffer.from(typeof body === 'string' ? body : '', 'latin1')
      if (mediaType === json) return parseJson(bytes)
      const fields = mediaType === urlencoded ? parseUrlencoded(bytes) : await multipartFields(bytes, headers)
      return formOf(fields)
    } catch (error) {
      throw bodyFailure(error)
    }
  }
}

/** Returns the media type of the body; undefined when it is missing, malformed or has a charset other than UTF-8.
 * A request without a body needs no media type. It counts as an empty body of the first declared one. */
const mediaTypeOf = (request: IncomingMessage, [first]: readonly string[]): string | undefined => {
  const given = request.headers['content-type']
  if (given === undefined) return hasBody(request) ? undefined : first
  try {
    const { type, parameters } = contentType.parse(given)
    return /^utf-?8$/i.test(parameters.charset ?? 'utf-8') ? type : undefined
  } catch {
    return undefined
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

// The JSON decoder drops a byte order mark at the start. In a form, a byte order mark is part of the value.
const jsonDecoder = new TextDecoder('utf-8', { fatal: true })
const formDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const parseJson = (bytes: Buffer): unknown => {
  const text = jsonDecoder.decode(bytes)
  const value: unknown = parsedJson(text)
  if (hasDuplicateKeys(text)) throw invalidBody({ pointer: '#', detail: 'has a duplicate field' })
  return value
}

// cmd.exe passes single quotes on, and other shells may remove double quotes or keep backslashes.
const hasShellQuoting = /^\s*('|\{\s*[\w\\])/

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    const hint = hasShellQuoting.test(text) ? ': the shell may have changed its quotes' : ''
    throw new Failure('malformed-body', { detail: `The request body is not valid JSON${hint}` })
  }
}

const parseUrlencoded = (bytes: Buffer): Fields =>
  formDecoder
    .decode(bytes)
    .split('&')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decodeComponent(name), decodeComponent(value.join('='))]
    })

// A lone % stands for itself, as in browsers. Unlike browsers, we refuse invalid UTF-8.
const decodeComponent = (text: string): string =>
  decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'))

const multipartFields = async (bytes: Buffer, headers: IncomingMessage['headers']): Promise<Fields> => {
  const decode = (latin1: string): string => formDecoder.decode(Buffer.from(latin1, 'latin1'))
  const fields = await parseMultipart(bytes, headers)
  return fields.map(([name, value]) => [decode(name), decode(value)])
}

/** Returns the fields of a form by name. Empty fields count as absent (RFC 6749, 3.2). */
const formOf = (all: Fields): Readonly<Record<string, string>> => {
  const fields = all.filter(([, value]) => value !== '')
  if (fields.length > maxFields)
    throw new Failure('malformed-body', { detail: `The form has more than ${maxFields} fields` })
  const form = Object.fromEntries(fields)
  if (Object.keys(form).length < fields.length)
    throw new Failure('malformed-body', { detail: 'A form field is repeated' })
  return form
}

/** Maps a parser's error to a failure. It drops the parser's message, which may quote the body. */
const bodyFailure = (error: unknown): unknown => {
  if (error instanceof Failure) return error
  const { code, status, httpCode } = isObject(error) ? error : {}
  if (error instanceof URIError || code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return new Failure('malformed-body', { detail: 'The request body is not valid UTF-8' })
  if (status === 413) return new Failure('body-too-large')
  return status === undefined && httpCode === undefined ? error : new Failure('malformed-body')
}
