import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import contentType from 'content-type'
import { multipart as multipartParser } from 'formidable'
import type { Context } from 'koa'
import { HttpMethodEnum, koaBody, type KoaBodyMiddlewareOptions } from 'koa-body'
import { Failure, invalidBody } from '../failure.ts'
import { hasDuplicateKeys } from '../json.ts'
import { withBasicClient } from './client-credentials.ts'

/** The body of a request as a value: any JSON value, or the fields of a form.
 * @throws Failure 'unsupported-media-type', 'body-too-large', 'malformed-body' or 'invalid-body' */
export type ReadBody = (ctx: Context) => Promise<unknown>

const maxFields = 32
const json = 'application/json'
const urlencoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data'

/** A reader of the bodies that one operation takes. koa-body collects them; decoding is done here, since its
 * parsers replace invalid UTF-8, keep the last of two equal keys and inflate what is compressed.
 * @param mediaTypes as the operation declares them
 * @param limitBytes of the whole body */
export const createBodyReader = (mediaTypes: readonly string[], limitBytes: number): ReadBody => {
  // Latin-1 keeps each byte as one character.
  const collect = koaBody({
    json: false,
    urlencoded: false,
    text: true,
    textTypes: [json, urlencoded],
    textLimit: limitBytes,
    encoding: 'latin1',
    parsedMethods,
  })
  const parseMultipart = koaBody({
    ...multipartOptions,
    formidable: { ...formidableOptions, maxFieldsSize: limitBytes },
  })

  return async (ctx) => {
    const { req } = ctx
    if (req.headers['content-encoding'] !== undefined) throw new Failure('unsupported-media-type')
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) throw new Failure('body-too-large')
    const mediaType = mediaTypeOf(req, mediaTypes)
    if (mediaType === undefined || !mediaTypes.includes(mediaType)) throw new Failure('unsupported-media-type')
    try {
      if (mediaType === multipart) return withClient(ctx, await readMultipart(ctx, parseMultipart, limitBytes))
      await collect(ctx, next)
      const text = (ctx.request.body as string | undefined) ?? ''
      if (mediaType === json) return parseJson(decode(jsonDecoder, text))
      return withClient(ctx, fieldsOf(parseUrlencoded(decode(formDecoder, text))))
    } catch (error) {
      throw bodyFailure(error)
    }
  }
}

const next = async (): Promise<void> => undefined
const parsedMethods = [HttpMethodEnum.POST, HttpMethodEnum.PUT, HttpMethodEnum.PATCH, HttpMethodEnum.DELETE]

const withClient = (ctx: Context, form: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  withBasicClient(form, ctx.req.headers.authorization)

/** The media type of the body; undefined when it is missing, malformed or of another charset than UTF-8. A
 * request without a body needs none, and is read as an empty form or JSON. */
const mediaTypeOf = (request: IncomingMessage, [usual]: readonly string[]): string | undefined => {
  const given = request.headers['content-type']
  if (given === undefined) return hasBody(request) ? undefined : usual
  try {
    const { type, parameters } = contentType.parse(given)
    return /^utf-?8$/i.test(parameters.charset ?? 'utf-8') ? type : undefined
  } catch {
    return undefined
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  if (hasDuplicateKeys(text)) throw invalidBody({ pointer: '#', detail: 'has a member twice' })
  return value
}

// A byte order mark before JSON is dropped; in a form it is part of the value.
const jsonDecoder = new TextDecoder('utf-8', { fatal: true })
const formDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const decode = (decoder: InstanceType<typeof TextDecoder>, latin1: string): string =>
  decoder.decode(Buffer.from(latin1, 'latin1'))

type Fields = readonly (readonly [name: string, value: string])[]

const parseUrlencoded = (text: string): Fields =>
  text.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [decodeComponent(name), decodeComponent(value.join('='))]
  })

// As in browsers a lone % stands for itself; unlike there invalid UTF-8 is refused.
const decodeComponent = (text: string): string =>
  decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'))

/** The fields of a form by name. Empty ones count as absent (RFC 6749, 3.2). */
const fieldsOf = (all: Fields): Readonly<Record<string, string>> => {
  const fields = all.filter(([, value]) => value !== '')
  if (fields.length > maxFields) throw new Failure('malformed-body', { detail: `More than ${maxFields} form fields` })
  const form = Object.fromEntries(fields)
  if (Object.keys(form).length < fields.length)
    throw new Failure('malformed-body', { detail: 'A form field is repeated' })
  return form
}

const multipartOptions = {
  json: false,
  urlencoded: false,
  text: false,
  multipart: true,
  multipartTypes: [multipart],
  parsedMethods,
}

const formidableOptions: KoaBodyMiddlewareOptions['formidable'] = {
  // It would choose its parser by any word in the media type, the boundary included.
  enabledPlugins: [multipartParser],
  // Each byte as one character, as above.
  encoding: 'binary',
  // A part with a file name is dropped before it could be written anywhere.
  filter: () => false,
  onPart: (part, handle) => {
    // .NET gives text fields a Content-Type, which formidable takes for a file's. Any name that a part gives for
    // its own encoding would be thrown from within the stream.
    const mimetype = part.originalFilename === null ? null : (part.mimetype ?? 'application/octet-stream')
    handle(Object.assign(part, { mimetype, transferEncoding: 'binary' }))
  },
}

const readMultipart = async (
  ctx: Context,
  parse: ReturnType<typeof koaBody>,
  limitBytes: number,
): Promise<Readonly<Record<string, string>>> => {
  // formidable counts the bytes of fields only.
  const limited = Object.create(ctx, { req: { value: limitedRequest(ctx.req, limitBytes) } }) as Context
  await parse(limited, next)
  const body = (ctx.request.body ?? {}) as Readonly<Record<string, string | string[]>>
  const fields = Object.entries(body).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  )
  return fieldsOf(fields.map(([name, value]) => [decode(formDecoder, name), decode(formDecoder, value)]))
}

const limitedRequest = (request: IncomingMessage, limitBytes: number): Transform => {
  let seen = 0
  const limiter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      seen += chunk.length
      done(seen > limitBytes ? new Failure('body-too-large') : null, chunk)
    },
  })
  request.on('error', (error) => limiter.destroy(error))
  request.on('aborted', () => limiter.destroy(new Failure('malformed-body')))
  return Object.assign(request.pipe(limiter), { headers: request.headers })
}

/** What a parser throws, as a failure of the body. Its own words may quote the body, so none is kept. */
const bodyFailure = (error: unknown): unknown => {
  if (error instanceof Failure) return error
  if (error instanceof SyntaxError)
    return new Failure('malformed-body', { detail: 'The request body is not valid JSON' })
  if (error instanceof URIError || (error as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new Failure('malformed-body', { detail: 'The request body is not valid UTF-8' })
  }
  const { status, httpCode } = error as { status?: number; httpCode?: number }
  const code = status ?? httpCode
  if (code === 413) return new Failure('body-too-large')
  return code === undefined ? error : new Failure('malformed-body')
}
