import { hash } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { Failure } from '../failure.ts'
import type { StoredHash } from './hashes/hash.ts'
import { readHash } from './stored-hashes.ts'

/** The parameters of argon2id (RFC 9106, section 3.1). */
export interface HashCost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

// OWASP recommends these. A hash takes about 20 ms and 19 MiB.
const recommendedCost: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 }

const queuedPerSlot = 64
const retryAfterSeconds = 2

/** `outdated`: right, and to be hashed anew, since the hash is of another kind or spelling than today's. */
export type Match = 'right' | 'outdated' | 'wrong'

export interface Passwords {
  /** A PHC string with a salt of its own.
   * @throws Failure 'overloaded' when the queue is full */
  readonly hash: (password: string) => Promise<string>
  /** Whether the password is the one of the hash; without a hash, `wrong` after the same time.
   * @throws Failure 'overloaded' when the queue is full */
  readonly verify: (passwordHash: string | undefined, password: string) => Promise<Match>
  /** What is wrong with a new password, or undefined. */
  readonly fault: (password: string) => string | undefined
}

/** Hashes passwords with argon2id (RFC 9106), and verifies these and other hashes, on libuv's threads.
 * @param minLength of new passwords, in code points after NFC
 * @param concurrency how many hashes are computed at once; 64 times as many may wait
 * @param cost of new hashes; a log-in replaces a hash of any other cost */
export const createPasswords = ({
  minLength,
  concurrency,
  cost = recommendedCost,
}: {
  readonly minLength: number
  readonly concurrency: number
  readonly cost?: HashCost | undefined
}): Passwords => {
  const limit = pLimit(concurrency)
  const parameters = { memoryCost: cost.memoryKib, timeCost: cost.passes, parallelism: cost.lanes }
  const currentPrefix = `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$`
  // Nobody knows the password of this hash. We verify it for unknown names, so that the time does not tell which exist.
  const decoy = readHash(
    `${currentPrefix}sFuHfhQ8SUjVjXVUb9LZSQ$aMqfNX5QkXQphAzoeDYIYr1rCRwR4QLy2Gm1RMRy0GE`,
  ) as StoredHash

  // libuv never drops a queued hash, so the line is kept short here, and what does not fit is refused at once.
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount >= concurrency * queuedPerSlot) throw new Failure('overloaded', { retryAfterSeconds })
    return limit(work)
  }

  return {
    hash: (password) => inTurn(() => hash(normalize(password), parameters)),

    verify: async (passwordHash, password) => {
      const reading = passwordHash === undefined ? decoy : readHash(passwordHash)
      // A hash that would take too long is not verified. An import would have refused it.
      const stored = 'fault' in reading ? decoy : reading
      for (const spelling of spellingsOf(password)) {
        if (!(await inTurn(() => stored.matches(spelling)))) continue
        if (stored === decoy || !password.isWellFormed()) return 'wrong'
        const isToday = passwordHash?.startsWith(currentPrefix) && spelling === normalize(password)
        // What a hash does not heed was not verified, so that it must not become the password.
        return isToday || Buffer.byteLength(spelling) > stored.heededBytes ? 'right' : 'outdated'
      }
      return 'wrong'
    },

    fault: (password) => {
      if (!password.isWellFormed()) return 'must be well-formed Unicode'
      if ([...normalize(password)].length < minLength) return `must have at least ${minLength} characters`
      return undefined
    },
  }
}

const normalize = (password: string): string => password.normalize('NFC')

/** Here passwords are hashed in NFC, elsewhere mostly as they were entered. argon2 takes ill-formed strings for U+FFFD, so
 * that two of them would be one password. */
const spellingsOf = (password: string): ReadonlySet<string> =>
  new Set([normalize(password).toWellFormed(), password.toWellFormed()])
