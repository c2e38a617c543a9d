import { verify } from '@node-rs/argon2'
import { base64, everyByte, type HashFormat, number, type ParsedHash, patternOf } from './hash.ts'

// At these limits a verification takes about a second and 256 MiB.
const maxMemoryKib = 262_144
const maxMemoryKibTimesPasses = 1_048_576
const maxLanes = 16

const phc =
  `\\$argon2id?(?:\\$v=(?:16|19))?\\$m=(?<memory>${number}),t=(?<passes>${number}),p=(?<lanes>${number})` +
  `\\$(?<salt>${base64})\\$(?<digest>${base64})`

const parse: HashFormat['parse'] = ({ memory, passes, lanes, salt = '', digest = '' }, text): ParsedHash => {
  const [memoryKib, passCount, laneCount] = [memory, passes, lanes].map(Number) as [number, number, number]
  if (memoryKib > maxMemoryKib) return { fault: `requires more than ${maxMemoryKib} KiB of memory` }
  if (memoryKib * passCount > maxMemoryKibTimesPasses)
    return { fault: `requires more than ${maxMemoryKibTimesPasses} KiB over all its passes` }
  if (laneCount > maxLanes) return { fault: `uses more than ${maxLanes} lanes` }
  if (memoryKib < 8 * laneCount) return { fault: 'uses less memory than argon2 allows' }
  if (!hasBytes(salt, 8, 48)) return { fault: 'has a salt that is not 8 to 48 bytes long' }
  if (!hasBytes(digest, 16, 64)) return { fault: 'has a digest that is not 16 to 64 bytes long' }
  return { matches: (password) => verify(text, password), significantBytes: everyByte }
}

/** Whether the text is canonical base64 without padding, as argon2 requires, and encodes `least` to `most` bytes. */
const hasBytes = (text: string, least: number, most: number): boolean => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length >= least && bytes.length <= most && bytes.toString('base64').replaceAll('=', '') === text
}

export const argon2Formats: readonly HashFormat[] = [
  { pattern: patternOf(phc), parse },
  // Django's format.
  { pattern: patternOf('argon2', phc), parse: (groups, text) => parse(groups, text.slice('argon2'.length)) },
]
