import type { Operation } from '../../contract/operations.ts'
import type { Expected } from '../check.ts'
import { type Encoded, encode, json, type Members, multipart, urlencoded } from '../run/requests.ts'

/** Bodies that violate the syntax of their media type. */
export const malformed = (mediaType: string): readonly { readonly title: string; readonly body: Encoded }[] =>
  (malformedTexts[mediaType] ?? []).map(({ title, text, as = mediaType }) => ({
    title,
    body: { mediaType: as, bytes: Buffer.from(text, 'latin1') },
  }))

const malformedTexts: Readonly<
  Record<string, readonly { readonly title: string; readonly text: string; readonly as?: string }[]>
> = {
  [json]: [
    { title: 'an empty body', text: '' },
    { title: 'truncated JSON', text: '{"username":' },
    { title: 'JSON with a trailing comma', text: '{"username":"a","password":"b",}' },
    { title: 'JSON in single quotes', text: "{'username':'a','password':'b'}" },
    { title: 'two JSON texts', text: '{}{}' },
    { title: 'NaN', text: '{"username":NaN}' },
    { title: 'JSON that is not UTF-8', text: '{"username":"\xff","password":"b"}' },
  ],
  [urlencoded]: [
    { title: 'an empty body', text: '' },
    { title: 'a form that is not UTF-8', text: 'username=%ff&password=b' },
  ],
  [multipart]: [
    { title: 'an empty body', text: '', as: `${multipart}; boundary=b` },
    { title: 'a form without a boundary', text: '--b\r\n\r\n--b--\r\n' },
    {
      title: 'a truncated form',
      text: '--b\r\nContent-Disposition: form-data; name="username"\r\n\r\na',
      as: `${multipart}; boundary=b`,
    },
    { title: 'a body that is not a multipart form', text: 'username=a&password=b', as: `${multipart}; boundary=b` },
  ],
}

/** The size of the largest body that the operation accepts, and that size plus one byte. */
export const limits = (
  operation: Operation,
  mediaType: string,
): readonly { readonly title: string; readonly expected: Expected; readonly size: number }[] => {
  const limit = operation.body?.limitBytes
  // The size of a multipart body also depends on its boundary.
  if (limit === undefined || mediaType === multipart) return []
  return [
    { title: `a body of ${limit} bytes, the limit`, expected: 'success', size: limit },
    { title: `a body of ${limit + 1} bytes, over the limit`, expected: 413, size: limit + 1 },
  ]
}

/** Adds a member that fills the body up to `size` bytes. */
export const filled = (mediaType: string, members: Members | undefined, size: number): Members => {
  const bare = encode(mediaType, { ...members, 'x-filler': '' }).bytes.length
  return { ...members, 'x-filler': 'x'.repeat(size - bare) }
}

/** Media types that an operation does not declare; undefined for a body without a media type. */
export const otherMediaTypes = (declared: readonly string[]): readonly (string | undefined)[] =>
  ['text/plain', 'application/xml', 'application/octet-stream', json, urlencoded, undefined].filter(
    (mediaType) => mediaType === undefined || !declared.includes(mediaType),
  )
