import { hash } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { Failure } from '../failure.ts'
import type { StoredHash } from './hashes/hash.ts'
import { parseHash } from './stored-hashes.ts'

/** The parameters of argon2id (RFC 9106, section 3.1). */
export interface HashCost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

// The OWASP Password Storage Cheat Sheet recommends these. A hash takes about 20 ms and 19 MiB.
const recommendedCost: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 }

const queuedPerSlot = 64
const retryAfterSeconds = 2

/** The result of a verification. `outdated`: the password is right, but its hash needs an upgrade: it has another
 * format or cost, or another Unicode form of the password. */
export type PasswordCheck = 'right' | 'outdated' | 'wrong'

export interface Passwords {
  /** Returns a PHC string with a new random salt.
   * @throws Failure 'overloaded' when the queue is full */
  readonly hash: (password: string) => Promise<string>
  /** Compares a password with a hash. Without a hash it returns `wrong` after the same time.
   * @throws Failure 'overloaded' when the queue is full */
  readonly verify: (passwordHash: string | undefined, password: string) => Promise<PasswordCheck>
  /** Returns the rule that a new password breaks, or undefined. */
  readonly fault: (password: string) => string | undefined
}

/** Hashes passwords with argon2id (RFC 9106). It also verifies hashes from other programs. The work runs on libuv's
 * threads.
 * @param minLength the minimum length of new passwords, in code points after NFC
 * @param concurrency how many hashes run at once; 64 times as many may wait in the queue
 * @param cost the cost of new hashes; a log-in replaces a hash with another cost */
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
  // Nobody knows the password of this hash. We verify it for unknown names. Otherwise the response time would show
  // which names exist.
  const decoy = parseHash(
    `${currentPrefix}sFuHfhQ8SUjVjXVUb9LZSQ$aMqfNX5QkXQphAzoeDYIYr1rCRwR4QLy2Gm1RMRy0GE`,
  ) as StoredHash

  // libuv's own queue has no limit. This one does: when it is full, we refuse at once.
  const enqueue = async <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount >= concurrency * queuedPerSlot) throw new Failure('overloaded', { retryAfterSeconds })
    return limit(work)
  }

  return {
    hash: (password) => enqueue(() => hash(normalize(password), parameters)),

    verify: async (passwordHash, password) => {
      const parsed = passwordHash === undefined ? decoy : parseHash(passwordHash)
      // parseHash refuses hashes that cost too much. We never verify those.
      const stored = 'fault' in parsed ? decoy : parsed
      for (const form of unicodeFormsOf(password)) {
        if (!(await enqueue(() => stored.matches(form)))) continue
        if (stored === decoy || !password.isWellFormed()) return 'wrong'
        const isCurrent = passwordHash?.startsWith(currentPrefix) && form === normalize(password)
        // The hash does not depend on the bytes beyond its limit, so we have not verified them. They must not become
        // part of a new hash.
        return isCurrent || Buffer.byteLength(form) > stored.significantBytes ? 'right' : 'outdated'
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

/** Returns the forms of a password that its hash may have been made from. Sesame hashes passwords in NFC. Most other
 * programs hash them as entered. Lone surrogates become U+FFFD, as in UTF-8. */
const unicodeFormsOf = (password: string): ReadonlySet<string> =>
  new Set([normalize(password).toWellFormed(), password.toWellFormed()])
