// Makes undeclared responses of recorded ones. Prism must object to each, or the proof would prove nothing.
import type { Answer, Exchange } from './exchange.ts'

const isJsonOf =
  (path: string, status: number) =>
  (exchange: Exchange): boolean =>
    exchange.request.path === path && exchange.answer.status === status

const isOfSession = ({ request: { method, path }, answer: { status } }: Exchange): boolean =>
  method === 'DELETE' && /^\/sessions\/[0-9a-f-]{36}$/.test(path) && status === 200

type Change = (answer: Answer) => Answer

const withBody =
  (change: (body: any) => unknown): Change =>
  (answer) => ({
    ...answer,
    body: Buffer.from(JSON.stringify(change(JSON.parse(answer.body.toString())))),
  })

const without =
  (left: string): Change =>
  (answer) => ({
    ...answer,
    headers: answer.headers.filter((_, i) => answer.headers[i - (i % 2)]?.toLowerCase() !== left),
  })

const withHeader =
  (name: string, value: string): Change =>
  (answer) => ({
    ...answer,
    headers: answer.headers.map((text, i) =>
      i % 2 === 1 && answer.headers[i - 1]?.toLowerCase() === name ? value : text,
    ),
  })

interface Tampering {
  readonly name: string
  readonly of: (exchange: Exchange) => boolean
  readonly change: Change
}

const all: readonly Tampering[] = [
  {
    name: 'a member of another type',
    of: isJsonOf('/token', 200),
    change: withBody((body) => ({ ...body, expires_in: '1800' })),
  },
  {
    name: 'an undeclared member',
    of: isJsonOf('/signup', 200),
    change: withBody((body) => ({ ...body, passwordHash: 'x' })),
  },
  { name: 'a missing header', of: isJsonOf('/protected', 401), change: without('www-authenticate') },
  {
    name: 'a challenge without its scope',
    of: isJsonOf('/account', 403),
    change: withHeader('www-authenticate', 'Bearer error="insufficient_scope"'),
  },
  {
    name: 'an undeclared member, where the path has a parameter',
    of: isOfSession,
    change: withBody((body) => ({ ...body, session: 'x' })),
  },
  {
    name: 'an undeclared status',
    of: isJsonOf('/protected', 200),
    change: (answer) => ({ ...answer, status: 418 }),
  },
]

/** Applies each change to the first exchange that it fits. */
export const tamperings = (exchanges: readonly Exchange[]) =>
  all.map(({ name, of, change }) => {
    const found = exchanges.find(of)
    if (!found) throw new Error(`No exchange of the tests fits ${name}`)
    const { answer, ...rest } = found
    // The length of the body may have changed.
    return { name, exchange: { ...rest, answer: without('content-length')(change(answer)) } }
  })
