import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import formidable, { multipart } from 'formidable'

/** The fields of a form, in order. */
export type Fields = readonly (readonly [name: string, value: string])[]

const options: formidable.Options = {
  // formidable would choose its parser by any word of the media type, the boundary included.
  enabledPlugins: [multipart],
  // Each byte becomes one character. The caller decodes them.
  encoding: 'binary',
  // A part with a file name is dropped before it could be written anywhere.
  filter: () => false,
}

/** Parses the bytes of a multipart form, each of which becomes one character. Files are dropped.
 * @param headers of the request
 * @throws the error of the parser, with an `httpCode`, when the form is malformed */
export const parseMultipart = async (bytes: Buffer, headers: IncomingMessage['headers']): Promise<Fields> => {
  const form = formidable(options)
  const fields: [string, string][] = []
  form.on('field', (name, value) => fields.push([name, value]))
  form.onPart = (part) => {
    // formidable takes a part with a Content-Type for a file, but .NET gives its text fields one. formidable also throws
    // inside its stream when a part names an unknown encoding.
    const mimetype = part.originalFilename === null ? null : (part.mimetype ?? 'application/octet-stream')
    form._handlePart(Object.assign(part, { name: part.name ?? '', mimetype, transferEncoding: 'binary' }))
  }
  const request = Object.assign(Readable.from(bytes.length > 0 ? [bytes] : []), { headers })
  await form.parse(request as unknown as IncomingMessage)
  return fields
}
