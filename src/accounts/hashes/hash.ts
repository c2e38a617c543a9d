/** A stored hash that can verify passwords. Sesame or another program made it. */
export interface StoredHash {
  readonly matches: (password: string) => Promise<boolean>
  /** The number of bytes of a password that affect the hash. The hash ignores the rest. */
  readonly significantBytes: number
}

/** A hash, or the reason why it cannot be used. The reason never quotes the hash. */
export type ParsedHash = StoredHash | { readonly fault: string }

type Groups = Readonly<Partial<Record<string, string>>>

/** A text format of hashes. `parse` receives the groups of the pattern and the whole text. */
export interface HashFormat {
  readonly pattern: RegExp
  readonly parse: (groups: Groups, text: string) => ParsedHash
}

export const everyByte = Infinity

/** Joins the parts to a pattern that matches a whole hash. */
export const patternOf = (...parts: readonly string[]): RegExp => new RegExp(`^${parts.join('')}$`)

// Parts of patterns.
export const number = '[1-9]\\d{0,9}'
export const base64 = '[A-Za-z0-9+/]+'
export const paddedBase64 = '[A-Za-z0-9+/]+={0,2}'
