import { hostOf, type Outgoing, pathOf, portOf } from './exchange.ts'

const setByCurl = new Set(['content-length'])
const longRuns = /((.)\2{199,})/s

/** The request as a command for bash: curl, or for what is no HTTP nc or openssl. */
export const asCurl = (baseUrl: URL, { method, path, headers, body, bytes }: Outgoing): string => {
  if (bytes !== undefined) return `${printed(bytes)} | ${connection(baseUrl)}`
  const text = body?.toString('latin1')
  // No argument of a program can hold a zero byte.
  const isPiped = text?.includes('\0') ?? false
  return [
    ...(isPiped ? [`${printed(text ?? '')} |`] : []),
    'curl -i',
    ...(method === 'HEAD' ? ['-I'] : [`-X ${method}`]),
    quoted(`${baseUrl.origin}${pathOf(baseUrl)}${path}`),
    ...headers.filter(isWorthSaying(baseUrl)).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    // Without this, curl would name a form.
    ...(text !== undefined && !headers.some(([name]) => name === 'Content-Type') ? ["-H 'Content-Type:'"] : []),
    ...(text === undefined ? [] : [`--data-binary ${isPiped ? '@-' : quoted(text)}`]),
  ].join(' ')
}

const connection = (baseUrl: URL): string =>
  baseUrl.protocol === 'https:'
    ? `openssl s_client -quiet -connect ${baseUrl.hostname}:${portOf(baseUrl)}`
    : `nc ${hostOf(baseUrl)} ${portOf(baseUrl)}`

const printed = (text: string): string => `printf '${escaped(text).replaceAll("\\'", '\\x27').replaceAll('%', '%%')}'`

const isWorthSaying =
  ({ host }: URL) =>
  ([name, value]: readonly [string, string]): boolean =>
    !setByCurl.has(name.toLowerCase()) && !(name === 'Host' && value === host)

/** A word for the shell, bytes as in Latin-1; a long run of one letter is made by the shell. */
const quoted = (text: string): string =>
  text
    .split(longRuns)
    .flatMap((part, index) => {
      // Of each run, the pattern captures the whole and its letter.
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
    // eslint-disable-next-line no-control-regex -- these are what has to be escaped
    .replace(/[\x00-\x1f\x7f-\xff]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
