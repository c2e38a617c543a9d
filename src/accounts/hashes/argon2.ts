import { verify } from '@node-rs/argon2'
import { base64, everyByte, type Kind, number, type Reading, whole } from './hash.ts'

// A second or so, and a quarter of a GiB for each hash that is checked at the same time.
const maxMemoryKib = 262_144
const maxMemoryKibTimesPasses = 1_048_576
const maxLanes = 16

const phc =
  `\\$argon2id?(?:\\$v=(?:16|19))?\\$m=(?<memory>${number}),t=(?<passes>${number}),p=(?<lanes>${number})` +
  `\\$(?<salt>${base64})\\$(?<digest>${base64})`

const read: Kind['read'] = ({ memory, passes, lanes, salt = '', digest = '' }, text): Reading => {
  const [memoryKib, passCount, laneCount] = [memory, passes, lanes].map(Number) as [number, number, number]
  if (memoryKib > maxMemoryKib) return { fault: `asks for more than ${maxMemoryKib} KiB of memory` }
  if (memoryKib * passCount > maxMemoryKibTimesPasses)
    return { fault: `asks for more than ${maxMemoryKibTimesPasses} KiB in all its passes` }
  if (laneCount > maxLanes) return { fault: `asks for more than ${maxLanes} lanes` }
  if (memoryKib < 8 * laneCount) return { fault: 'asks for less memory than argon2 allows' }
  if (!hasBytes(salt, 8, 48)) return { fault: 'has a salt that is not of 8 to 48 bytes' }
  if (!hasBytes(digest, 16, 64)) return { fault: 'has a digest that is not of 16 to 64 bytes' }
  return { matches: (password) => verify(text, password), heededBytes: everyByte }
}

/** Whether it is base64, in the one spelling that argon2 takes, of so many bytes. */
const hasBytes = (text: string, least: number, most: number): boolean => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length >= least && bytes.length <= most && bytes.toString('base64').replaceAll('=', '') === text
}

export const argon2Kinds: readonly Kind[] = [
  { form: whole(phc), read },
  // Django.
  { form: whole('argon2', phc), read: (groups, text) => read(groups, text.slice('argon2'.length)) },
]
