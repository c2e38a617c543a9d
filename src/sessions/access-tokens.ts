import type { KeyObject } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { isObject } from '../json.ts'
import { objectIn, partOf } from './jwt-parts.ts'

/** The claims of an access token (RFC 9068, 2.2). Times are seconds since 1970. */
export interface Claims {
  readonly iss: string
  readonly aud: string
  /** The username as entered at sign-up. */
  readonly sub: string
  readonly jti: string
  /** The id of the session. */
  readonly sid: string
  /** The scopes, separated by spaces; empty when the token has none. */
  readonly scope: string
  readonly client_id: string
  readonly iat: number
  readonly exp: number
  /** When the user logged in. */
  readonly auth_time: number
}

/** The claims that depend on the session. */
export type SessionClaims = Pick<Claims, 'sub' | 'sid' | 'client_id' | 'scope' | 'auth_time'>

export interface AccessTokens {
  readonly lifetimeSeconds: number
  /** Signs a JWT that is valid from now for `lifetimeSeconds`. */
  readonly issue: (claims: SessionClaims) => string
  /** Returns the claims of a token that this service has signed and that has not expired.
   * @throws Failure 'invalid-token' for any other token */
  readonly verify: (token: string) => SessionClaims & Pick<Claims, 'exp'>
}

interface Options {
  /** The first key signs. All keys verify. */
  readonly keys: readonly KeyObject[]
  readonly algorithm: 'HS256'
  readonly issuer: string
  readonly audience: string
  readonly lifetimeSeconds: number
  readonly clock: Clock
}

const tokenType = 'at+jwt'
const maxTokenLength = 8192

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isTime = (value: unknown): boolean => Number.isSafeInteger(value)
const claimTypes: Record<keyof Claims, (value: unknown) => boolean> = {
  iss: isText,
  aud: isText,
  sub: isText,
  jti: isText,
  sid: isText,
  scope: (value) => typeof value === 'string',
  client_id: isText,
  iat: isTime,
  exp: isTime,
  auth_time: isTime,
}
const claimNames = Object.keys(claimTypes) as (keyof Claims)[]
// Servers that share a store may disagree by this much. Expiry needs no leeway: an early refusal only costs a refresh.
const maxClockDifferenceSeconds = 5

/** Issues and verifies access tokens. jsonwebtoken does the cryptography. This module adds the checks of RFC 8725 and
 * RFC 9068 that jsonwebtoken omits. */
export const createAccessTokens = (options: Options): AccessTokens => {
  const { keys, algorithm, issuer, audience, lifetimeSeconds, clock } = options
  const [signingKey] = keys as readonly [KeyObject]
  // jsonwebtoken writes the header in this order. We decode a header only if it differs.
  const usualHeader = partOf({ alg: algorithm, typ: tokenType })

  const refuseHeader = (part: string): void => {
    const header = objectIn(part) ?? refuse('the header is not a canonically encoded JSON object')
    const isKnown = (name: string): boolean =>
      name === 'alg' || name === 'typ' || (name === 'kid' && isText(header.kid))
    if (!Object.keys(header).every(isKnown)) refuse('the header has an unsupported parameter')
    if (header.alg !== algorithm || header.typ !== tokenType) refuse('alg or typ is wrong')
  }

  const verifySignature = (token: string, clockTimestamp: number): unknown => {
    let reason = ''
    for (const key of keys) {
      try {
        return jwt.verify(token, key, { algorithms: [algorithm], issuer, audience, clockTimestamp })
      } catch (error) {
        if (!(error instanceof jwt.JsonWebTokenError)) throw error
        reason = error.message
      }
    }
    return refuse(reason)
  }

  const refuseClaims = (claims: Readonly<Record<string, unknown>>, now: number): Claims => {
    for (const name of claimNames)
      if (!claimTypes[name](claims[name])) refuse(`the claim ${name} is missing or malformed`)
    const typed = claims as unknown as Claims
    if (typed.iat > now + maxClockDifferenceSeconds || typed.auth_time > typed.iat)
      refuse('iat is in the future or before auth_time')
    if (typed.exp <= typed.iat || typed.exp - typed.iat > lifetimeSeconds)
      refuse('the lifetime is not positive or too long')
    return typed
  }

  return {
    lifetimeSeconds,
    issue: ({ sub, sid, client_id, scope, auth_time }) => {
      const now = clock.nowSeconds()
      const claims: Claims = {
        iss: issuer,
        aud: audience,
        sub,
        iat: now,
        exp: now + lifetimeSeconds,
        auth_time,
        jti: clock.uuid(),
        sid,
        client_id,
        scope,
      }
      return jwt.sign(claims, signingKey, { algorithm, header: { alg: algorithm, typ: tokenType } })
    },
    verify: (token) => {
      if (token.length > maxTokenLength) refuse('the token is too long')
      const [header = '', payload = '', ...rest] = token.split('.')
      if (rest.length !== 1) refuse('the token does not have three parts')
      if (header !== usualHeader) refuseHeader(header)
      const now = clock.nowSeconds()
      // We trust nothing in the payload before the signature is verified. jsonwebtoken compares signatures as text, so
      // only the canonical base64url form is valid.
      const claims = verifySignature(token, now)
      // A payload that equals the output of JSON.stringify has no duplicate keys. We decode any other payload strictly.
      const isPlain = isObject(claims) && partOf(claims) === payload
      const checked = refuseClaims(
        isPlain ? claims : (objectIn(payload) ?? refuse('the payload is not a canonically encoded JSON object')),
        now,
      )
      const { sub, sid, client_id, scope, auth_time, exp } = checked
      return { sub, sid, client_id, scope, auth_time, exp }
    },
  }
}

/** @param reason for the log; the response only says that the token is not valid */
const refuse = (reason: string): never => {
  throw new Failure('invalid-token', { reason })
}
