// A server loads this module with --import. It counts the argon2 hashes that run at the same time, and the passwords
// that were right. It responds to a message with the highest number of the former and the total of the latter.
import { createRequire } from 'node:module'

// The service imports the same object later, and so calls the functions that count.
const argon2 = createRequire(import.meta.url)('@node-rs/argon2')
let current = 0
let highest = 0
let matches = 0

const counted =
  (work) =>
  async (...args) => {
    current += 1
    highest = Math.max(highest, current)
    try {
      return await work(...args)
    } finally {
      current -= 1
    }
  }

argon2.hash = counted(argon2.hash)
const verify = counted(argon2.verify)
argon2.verify = async (...args) => {
  const isMatch = await verify(...args)
  if (isMatch) matches += 1
  return isMatch
}

process.on('message', () => process.send({ highest, matches }))
process.on('disconnect', () => process.exit())
