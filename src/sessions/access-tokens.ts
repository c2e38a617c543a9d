import type { KeyObject } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { hasDuplicateKeys, isObject } from '../json.ts'

const tokenType = 'at+jwt'
const maxTokenLength = 8192

/** What an access token says (RFC 9068, 2.2). */
export interface AccessTokenSubject {
  /** The username as entered at sign-up. */
  readonly username: string
  readonly sessionId: string
  readonly clientId: string
  /** Separated by spaces; empty when there are none. */
  readonly scope: string
  /** When the user logged in; seconds since 1970. */
  readonly authenticatedAt: number
}

export interface AccessTokens {
  readonly lifetimeSeconds: number
  /** A signed JWT, valid from now on. */
  readonly issue: (subject: AccessTokenSubject) => string
  /** @throws Failure 'invalid-token', whatever is wrong with it */
  readonly verify: (token: string) => AccessTokenSubject
}

interface Options {
  /** The first one signs, all verify. */
  readonly keys: readonly KeyObject[]
  readonly algorithm: 'HS256'
  readonly issuer: string
  readonly audience: string
  readonly lifetimeSeconds: number
  readonly clock: Clock
}

interface Claims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly jti: string
  readonly sid: string
  readonly scope: string
  readonly client_id: string
  readonly iat: number
  readonly exp: number
  readonly auth_time: number
}

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
// Of machines that share a store. An earlier end is nobody's loss, so that `exp` has none.
const maxClockDifferenceSeconds = 5
const claimNames = Object.keys(claimTypes) as (keyof Claims)[]

/** Issues and verifies access tokens. jsonwebtoken does the cryptography; what RFC 8725 and RFC 9068 ask
 * beyond that and it lets through is refused here. */
export const createAccessTokens = (options: Options): AccessTokens => {
  const { keys, algorithm, issuer, audience, lifetimeSeconds, clock } = options
  const [signingKey] = keys as readonly [KeyObject]
  // jsonwebtoken writes the header in this order; any other spelling of it takes the long way.
  const usualHeader = Buffer.from(JSON.stringify({ alg: algorithm, typ: tokenType })).toString('base64url')

  const refuseHeader = (part: string): void => {
    const header = decodeObject(part)
    const isKnown = (name: string): boolean =>
      name === 'alg' || name === 'typ' || (name === 'kid' && isText(header.kid))
    if (!Object.keys(header).every(isKnown)) refuse('header members')
    if (header.alg !== algorithm || header.typ !== tokenType) refuse('alg or typ')
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
    for (const name of claimNames) if (!claimTypes[name](claims[name])) refuse(`claim ${name}`)
    const typed = claims as unknown as Claims
    if (typed.iat > now + maxClockDifferenceSeconds || typed.auth_time > typed.iat) refuse('issued in the future')
    if (typed.exp <= typed.iat || typed.exp - typed.iat > lifetimeSeconds) refuse('lifetime')
    return typed
  }

  return {
    lifetimeSeconds,
    issue: ({ username, sessionId, clientId, scope, authenticatedAt }) => {
      const now = clock.nowSeconds()
      const claims: Claims = {
        iss: issuer,
        aud: audience,
        sub: username,
        iat: now,
        exp: now + lifetimeSeconds,
        auth_time: authenticatedAt,
        jti: clock.uuid(),
        sid: sessionId,
        client_id: clientId,
        scope,
      }
      return jwt.sign(claims, signingKey, { algorithm, header: { alg: algorithm, typ: tokenType } })
    },
    verify: (token) => {
      if (token.length > maxTokenLength) refuse('length')
      const [header = '', payload = '', ...rest] = token.split('.')
      if (rest.length !== 1) refuse('parts')
      if (header !== usualHeader) refuseHeader(header)
      const now = clock.nowSeconds()
      // Nothing of the payload is believed before the signature is known to be ours. It is compared as text, so that it
      // has one spelling, too.
      const claims = verifySignature(token, now)
      // What is written as JSON.stringify writes it has no key twice and no other fault; the rest is looked at.
      const isPlain = isObject(claims) && Buffer.from(JSON.stringify(claims)).toString('base64url') === payload
      const { sub, sid, client_id, scope, auth_time } = refuseClaims(isPlain ? claims : decodeObject(payload), now)
      return { username: sub, sessionId: sid, clientId: client_id, scope, authenticatedAt: auth_time }
    },
  }
}

/** @param why for whoever debugs; the caller is told no more than that the token is not valid */
const refuse = (why: string): never => {
  throw new Failure('invalid-token', { why })
}

/** The bytes of a part, only if it is the one base64url spelling of them (RFC 7515, 2; RFC 4648, 3.5). */
const decodeCanonical = (part: string): Buffer => {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : refuse('base64url')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decodeObject = (part: string): Readonly<Record<string, unknown>> => {
  const bytes = decodeCanonical(part)
  try {
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    return isObject(value) && !hasDuplicateKeys(text) ? value : refuse('duplicate keys, or no object')
  } catch {
    // The parser's own words quote the token.
    return refuse('JSON')
  }
}
