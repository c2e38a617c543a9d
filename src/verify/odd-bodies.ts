import type { Operation } from '../contract/operations.ts'
import type { Check } from './checks.ts'
import { type Encoded, encode, json, multipart, urlencoded } from './requests.ts'

/** Bodies that are none of their media type. */
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
    { title: 'JSON that breaks off', text: '{"username":' },
    { title: 'JSON with a comma too many', text: '{"username":"a","password":"b",}' },
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
      title: 'a form that breaks off',
      text: '--b\r\nContent-Disposition: form-data; name="username"\r\n\r\na',
      as: `${multipart}; boundary=b`,
    },
    { title: 'a form that is none', text: 'username=a&password=b', as: `${multipart}; boundary=b` },
  ],
}

/** A body of just the size that the operation takes, and one with a byte more. */
export const limits = (
  operation: Operation,
  mediaType: string,
): readonly { readonly title: string; readonly expected: Check['expected']; readonly filler: number }[] => {
  const limit = operation.body?.limitBytes
  // Multipart has headers in between, whose size differs with the boundary.
  if (limit === undefined || mediaType === multipart) return []
  return [
    { title: `a body of ${limit} bytes, the limit`, expected: 'success', filler: limit },
    { title: `a body of ${limit + 1} bytes, over the limit`, expected: 413, filler: limit + 1 },
  ]
}

/** The body with a member that fills it up to `size` bytes. */
export const filled = (
  mediaType: string,
  right: Readonly<Record<string, unknown>>,
  size: number,
): Readonly<Record<string, unknown>> => {
  const bare = encode(mediaType, { ...right, 'x-filler': '' }).bytes.length
  return { ...right, 'x-filler': 'x'.repeat(size - bare) }
}

/** Media types that an operation does not declare; undefined for none at all. */
export const otherMediaTypes = (declared: readonly string[]): readonly (string | undefined)[] =>
  ['text/plain', 'application/xml', 'application/octet-stream', json, urlencoded, undefined].filter(
    (mediaType) => mediaType === undefined || !declared.includes(mediaType),
  )
