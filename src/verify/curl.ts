import { hostOf, type Outgoing, pathOf, portOf } from './run/exchange.ts'

const longRuns = /((.)\2{199,})/s

/** Writes a request as a bash command with curl. Bytes that are not HTTP are sent with nc or openssl. */
export const asCurl = (baseUrl: URL, { method, path, headers, body, bytes }: Outgoing): string => {
  if (bytes !== undefined) return `${printed(bytes)} | ${connection(baseUrl)}`
  const text = body?.toString('latin1')
  // An argument of a program cannot hold a zero byte.
  const isPiped = text?.includes('\0') ?? false
  return [
    ...(isPiped ? [`${printed(text ?? '')} |`] : []),
    'curl -i',
    ...(method === 'HEAD' ? ['-I'] : [`-X ${method}`]),
    quoted(`${baseUrl.origin}${pathOf(baseUrl)}${path}`),
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    // Otherwise curl declares a form.
    ...(text !== undefined && !headers.some(([name]) => name === 'Content-Type') ? ["-H 'Content-Type:'"] : []),
    ...(text === undefined ? [] : [`--data-binary ${isPiped ? '@-' : quoted(text)}`]),
  ].join(' ')
}

const connection = (baseUrl: URL): string =>
  baseUrl.protocol === 'https:'
    ? `openssl s_client -quiet -connect ${baseUrl.hostname}:${portOf(baseUrl)}`
    : `nc ${hostOf(baseUrl)} ${portOf(baseUrl)}`

const printed = (text: string): string => `printf '${escaped(text).replaceAll("\\'", '\\x27').replaceAll('%', '%%')}'`

/** Quotes Latin-1 text for the shell. The shell command expands long runs of one character. */
const quoted = (text: string): string =>
  text
    .split(longRuns)
    .flatMap((part, index) => {
      // The pattern captures each run and its character.
      if (index % 3 === 2) return []
      if (index % 3 === 1) return [repeated(part)]
      return part === '' && text !== '' ? [] : [word(part)]
    })
    .join('')

const repeated = (run: string): string => `"$(printf '%${run.length}s' | tr ' ' ${word(run.charAt(0))})"`

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

const word = (text: string): string => (isPlain(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `$'${escaped(text)}'`)

const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
    .replace(/[\p{Cc}\x80-\xff]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
