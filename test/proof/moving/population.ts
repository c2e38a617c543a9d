// Writes many accounts and sessions in the form and order of `sesame export`.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const day = 86_400
const scope = 'account:read account:write sessions:read sessions:write'

interface Population {
  readonly count: number
  /** This number of accounts can log in. */
  readonly known: number
  /** The password hash of the known accounts. The others have random hashes. */
  readonly knownHash: string
}

/** Writes `count` accounts, each with one session.
 * @returns the sessions of the known accounts as rows, with their names */
export const writePopulation = async (file: string, { count, known, knownHash }: Population): Promise<object[]> => {
  const now = Math.floor(Date.now() / 1000)
  const sessions: object[] = []
  const lines = function* () {
    yield `${JSON.stringify({ format: 'sesame', version: 1 })}\n`
    for (const [id, i] of idsInOrder(count)) {
      const account = accountOf(id, i, now, i < known ? knownHash : randomHash())
      const session = sessionOf(account, now)
      if (i < known) sessions.push({ ...session, username: account.username })
      yield `${JSON.stringify({ type: 'account', ...account })}\n${JSON.stringify({ type: 'session', ...session })}\n`
    }
    yield `${JSON.stringify({ type: 'end', lines: 2 * count })}\n`
  }
  await pipeline(Readable.from(inBlocks(lines())), createWriteStream(file, { mode: 0o600 }))
  return sessions
}

const nameOf = (i: number): string => `name-${i}`

/** Lists the ids of accounts with their numbers, in the order of an export. */
const idsInOrder = (count: number): (readonly [string, number])[] =>
  Array.from({ length: count }, (_, i) => [createHash('sha256').update(nameOf(i)).digest('hex'), i] as const).sort(
    ([a], [b]) => (a < b ? -1 : 1),
  )

const accountOf = (id: string, i: number, now: number, hash: string) => {
  return { id, username: nameOf(i), password_hash: hash, credential_version: 0, created_at: now - (i % (300 * day)) }
}

/** No session expires within a day. */
const sessionOf = ({ id }: { readonly id: string }, now: number) => {
  const opened = now - (Math.floor(Math.random() * 5) + 1) * day
  return {
    id: randomUUID(),
    account_id: id,
    credential_version: 0,
    client_id: 'public',
    scope,
    opened_at: opened,
    refreshed_at: opened,
    expires_at: opened + 7 * day,
    generation: 0,
    secret: randomBytes(32).toString('base64url'),
  }
}

const randomHash = (): string => {
  const base64 = (size: number): string => randomBytes(size).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=19456,t=2,p=1$${base64(16)}$${base64(32)}`
}

function* inBlocks(lines: Iterable<string>) {
  let block = ''
  for (const line of lines) {
    block += line
    if (block.length < 2 ** 20) continue
    yield block
    block = ''
  }
  yield block
}
