import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { Failure } from '../failure.ts'

// OWASP's parameters for argon2id: about 20 ms and 19 MiB a hash.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const currentPrefix = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`

// The hash of a password that no one knows, verified for names that do not exist: equal time hides which ones do.
const decoyHash = `${currentPrefix}sFuHfhQ8SUjVjXVUb9LZSQ$aMqfNX5QkXQphAzoeDYIYr1rCRwR4QLy2Gm1RMRy0GE`

const queuedPerSlot = 64
const retryAfterSeconds = 2

export interface Passwords {
  /** A PHC string with a salt of its own.
   * @throws Failure 'overloaded' when the queue is full */
  readonly hash: (password: string) => Promise<string>
  /** Whether the password is the one of the hash; without a hash, false after the same time.
   * @throws Failure 'overloaded' when the queue is full */
  readonly verify: (passwordHash: string | undefined, password: string) => Promise<boolean>
  /** Whether the hash was made with other parameters than today's. */
  readonly isOutdated: (passwordHash: string) => boolean
  /** What is wrong with a new password, or undefined. */
  readonly fault: (password: string) => string | undefined
}

/** Hashes and verifies passwords with argon2id (RFC 9106), on libuv's threads.
 * @param minLength of new passwords, in code points after NFC
 * @param concurrency how many hashes are computed at once; 64 times as many may wait */
export const createPasswords = ({ minLength, concurrency }: { minLength: number; concurrency: number }): Passwords => {
  const limit = pLimit(concurrency)

  // libuv never drops a queued hash, so the line is kept short here, and what does not fit is refused at once.
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount >= concurrency * queuedPerSlot) throw new Failure('overloaded', { retryAfterSeconds })
    return limit(work)
  }

  const normalize = (password: string): string => password.normalize('NFC')
  const makeHash = (password: string): Promise<string> => inTurn(() => hash(normalize(password), parameters))

  return {
    hash: makeHash,
    verify: async (passwordHash, password) => {
      const against = passwordHash ?? decoyHash
      // argon2 takes ill-formed strings for U+FFFD, so that two of them would be one password.
      const matches = await inTurn(() => verify(against, normalize(password).toWellFormed()))
      return matches && passwordHash !== undefined && password.isWellFormed()
    },
    isOutdated: (passwordHash) => !passwordHash.startsWith(currentPrefix),
    fault: (password) => {
      if (!password.isWellFormed()) return 'must be well-formed Unicode'
      if ([...normalize(password)].length < minLength) return `must have at least ${minLength} characters`
      return undefined
    },
  }
}
