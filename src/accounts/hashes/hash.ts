/** A hash as it stands in the store, made here or elsewhere. */
export interface StoredHash {
  readonly matches: (password: string) => Promise<boolean>
  /** How many bytes of a password it depends on. */
  readonly heededBytes: number
}

/** Or what is wrong with it, in words that do not quote it. */
export type Reading = StoredHash | { readonly fault: string }

type Groups = Readonly<Partial<Record<string, string>>>

/** How a program writes its hashes, and how they are read.
 * `read` gets the groups of the form; `text` is the whole. */
export interface Kind {
  readonly form: RegExp
  readonly read: (groups: Groups, text: string) => Reading
}

export const everyByte = Infinity

/** The form of a whole hash. */
export const whole = (...parts: readonly string[]): RegExp => new RegExp(`^${parts.join('')}$`)

/** Parts of forms. */
export const number = '[1-9]\\d{0,9}'
export const base64 = '[A-Za-z0-9+/]+'
export const paddedBase64 = '[A-Za-z0-9+/]+={0,2}'
