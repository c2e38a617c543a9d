import { createHmac, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { StoredSession } from './session-store.ts'
import { bytesOf, uuidOf } from './uuid-bytes.ts'

/** The content of a refresh token whose MAC is not verified yet. */
export interface RefreshTokenClaim {
  readonly sessionId: string
  readonly generation: number
  readonly keyId: Buffer
  readonly mac: Buffer
}

export interface RefreshTokens {
  /** Returns the refresh token of the session's current generation. It is the same token each time. */
  readonly issue: (session: StoredSession) => string
  /** Decodes a token. Returns undefined when it does not have the format of a refresh token. */
  readonly read: (token: string) => RefreshTokenClaim | undefined
  /** Whether this service issued the token for this session, with any of its keys. */
  readonly isGenuine: (claim: RefreshTokenClaim, session: StoredSession) => boolean
}

interface DerivedKey {
  readonly id: Buffer
  readonly secret: Buffer
}

// A token has 57 bytes, 76 characters of base64url: version (1), key id (4), session id (16), generation (4), MAC (32).
const version = 1
const keyIdLength = 4
const form = /^[A-Za-z0-9_-]{76}$/

/** Issues and verifies refresh tokens, which the store does not contain. A token carries a 256-bit MAC over the session
 * id, the generation and the session's secret. Making a token takes both the key and the store.
 * @param keys the keys of the service; the first one signs, all verify */
export const createRefreshTokens = (keys: readonly KeyObject[]): RefreshTokens => {
  const derived = keys.map(deriveKey)
  const [signing] = derived as [DerivedKey]

  const macOf = (key: DerivedKey, { id, secret }: StoredSession, generation: number): Buffer =>
    createHmac('sha256', key.secret).update(bytesOf(id)).update(uint32(generation)).update(secret).digest()

  return {
    issue: (session) => {
      const { id, generation } = session
      const parts = [Buffer.of(version), signing.id, bytesOf(id), uint32(generation)]
      return Buffer.concat([...parts, macOf(signing, session, generation)]).toString('base64url')
    },
    read: (token) => {
      if (!form.test(token)) return undefined
      const bytes = Buffer.from(token, 'base64url')
      if (bytes[0] !== version) return undefined
      return {
        keyId: bytes.subarray(1, 5),
        sessionId: uuidOf(bytes.subarray(5, 21)),
        generation: bytes.readUInt32BE(21),
        mac: bytes.subarray(25),
      }
    },
    isGenuine: ({ keyId, generation, mac }, session) => {
      const key = derived.find(({ id }) => id.equals(keyId))
      return key !== undefined && timingSafeEqual(macOf(key, session, generation), mac)
    },
  }
}

const deriveKey = (key: KeyObject): DerivedKey => {
  const derive = (label: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `sesame ${label}`, length))
  return { id: derive('refresh token key id', keyIdLength), secret: derive('refresh token', 32) }
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
