import { Failure } from '../failure.ts'
import type { ListPosition } from './session-store.ts'
import { bytesOf, uuidOf } from './uuid-bytes.ts'

// The seconds (6), then the session id (16): 30 characters of base64url.
const secondsLength = 6
const form = /^[A-Za-z0-9_-]{30}$/

/** Where a page of a list has ended, as clients send it back. It leads to nothing that is not theirs, so that it needs
 * no signature. */
export const cursorOf = ({ openedAt, id }: ListPosition): string => {
  const seconds = Buffer.alloc(secondsLength)
  seconds.writeUIntBE(openedAt, 0, secondsLength)
  return Buffer.concat([seconds, bytesOf(id)]).toString('base64url')
}

/** @throws Failure 'invalid-parameter': not in the form of a cursor */
export const positionOf = (cursor: string): ListPosition => {
  const bytes = Buffer.from(cursor, 'base64url')
  if (!form.test(cursor) || bytes.toString('base64url') !== cursor) {
    throw new Failure('invalid-parameter', { detail: 'cursor was not issued by this service' })
  }
  return { openedAt: bytes.readUIntBE(0, secondsLength), id: uuidOf(bytes.subarray(secondsLength)) }
}
