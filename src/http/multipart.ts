import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import formidable, { multipart } from 'formidable'

/** The fields of a form, in order. */
export type Fields = readonly (readonly [name: string, value: string])[]

const options: formidable.Options = {
  // By default, formidable searches the whole Content-Type for the name of a parser, including the boundary.
  enabledPlugins: [multipart],
  // Each byte becomes one character, which the caller decodes.
  encoding: 'binary',
  // Drops every file before formidable could write it to disk.
  filter: () => false,
}

/** Parses a multipart form and drops its files. Each byte of a name or value becomes one character.
 * @param headers the headers of the request
 * @throws the parser's error, which has an `httpCode`, when the form is malformed */
export const parseMultipart = async (bytes: Buffer, headers: IncomingMessage['headers']): Promise<Fields> => {
  const form = formidable(options)
  const fields: [string, string][] = []
  form.on('field', (name, value) => fields.push([name, value]))
  form.onPart = (part) => {
    // formidable treats a part with a Content-Type as a file, but .NET sends one with text fields. formidable also throws
    // inside its stream when a part names an unknown encoding.
    const mimetype = part.originalFilename === null ? null : (part.mimetype ?? 'application/octet-stream')
    form._handlePart(Object.assign(part, { name: part.name ?? '', mimetype, transferEncoding: 'binary' }))
  }
  const request = Object.assign(Readable.from(bytes.length > 0 ? [bytes] : []), { headers })
  await form.parse(request as unknown as IncomingMessage)
  return fields
}
