import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import type { AccessTokens } from './access-tokens.ts'

/** The limits of the cache. */
export interface CacheLimits {
  readonly maxEntries: number
  readonly maxBytes: number
}

// An entry takes about 1 kB.
const usualLimits: CacheLimits = { maxEntries: 10_000, maxBytes: 16 * 2 ** 20 }

/** Wraps access tokens with a cache of verified claims. An entry is used until its token expires. The key is the whole
 * token, so another signature is another entry. The cache does not know whether a session has ended. */
export const withVerifiedTokens = (
  accessTokens: AccessTokens,
  clock: Clock,
  { maxEntries, maxBytes }: CacheLimits = usualLimits,
): AccessTokens => {
  const verified = new LRUCache<string, ReturnType<AccessTokens['verify']>>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: (_claims, token) => bytesOf(token),
  })
  return {
    ...accessTokens,
    verify: (token) => {
      const known = verified.get(token)
      if (known && known.exp > clock.nowSeconds()) return known
      const claims = accessTokens.verify(token)
      verified.set(copyOf(token), claims)
      return claims
    },
  }
}

// V8 keeps the whole Authorization header in memory as long as a substring of it. A copy avoids that.
const copyOf = (token: string): string => Buffer.from(token, 'latin1').toString('latin1')

// The key takes one byte for each character, and the claims take about two more.
const bytesOf = (token: string): number => 3 * token.length + 256
