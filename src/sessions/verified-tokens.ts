import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import type { AccessTokens, Claims } from './access-tokens.ts'

/** How much the cache holds at most. */
export interface CacheLimits {
  readonly maxEntries: number
  readonly maxBytes: number
}

// About 1 kB for each token.
const usualLimits: CacheLimits = { maxEntries: 10_000, maxBytes: 16 * 2 ** 20 }

/** The same access tokens, with the claims of those that were verified kept until they expire. The key is the whole
 * token, so that a token with another signature is another entry. Whether the session lasts is not kept here. */
export const withVerifiedTokens = (
  accessTokens: AccessTokens,
  clock: Clock,
  { maxEntries, maxBytes }: CacheLimits = usualLimits,
): AccessTokens => {
  const verified = new LRUCache<string, Claims>({
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
      verified.set(token, claims)
      return claims
    },
  }
}

// The token keeps its header alive, and the claims are what most of the token encodes.
const bytesOf = (token: string): number => 3 * token.length + 256
