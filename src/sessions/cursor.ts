import { Failure } from '../failure.ts'
import type { ListPosition } from './session-store.ts'
import { bytesOf, uuidOf } from './uuid-bytes.ts'

// A cursor is 6 bytes of seconds and 16 bytes of session id: 30 characters of base64url.
const secondsLength = 6
const form = /^[A-Za-z0-9_-]{30}$/

/** Encodes the position of the last session on a page. It needs no signature, because a forged cursor only leads to
 * sessions of the caller's own account. */
export const cursorOf = ({ openedAt, id }: ListPosition): string => {
  const seconds = Buffer.alloc(secondsLength)
  seconds.writeUIntBE(openedAt, 0, secondsLength)
  return Buffer.concat([seconds, bytesOf(id)]).toString('base64url')
}

/** Decodes a cursor.
 * @throws Failure 'invalid-parameter': the cursor is malformed */
export const positionOf = (cursor: string): ListPosition => {
  const bytes = Buffer.from(cursor, 'base64url')
  if (!form.test(cursor) || bytes.toString('base64url') !== cursor) {
    throw new Failure('invalid-parameter', { detail: 'cursor was not issued by this service' })
  }
  return { openedAt: bytes.readUIntBE(0, secondsLength), id: uuidOf(bytes.subarray(secondsLength)) }
}
