import type { Stores } from '../../src/stores/stores.ts'

/** Stores that fail at everything, with words that must not reach a caller. */
export const failingStores = (): Stores => {
  const fail = async (): Promise<never> => {
    throw new Error('disk on fire at /var/secret')
  }
  return {
    accounts: {
      create: fail,
      isTaken: fail,
      find: fail,
      replacePasswordHash: fail,
      changePassword: fail,
      delete: fail,
    },
    sessions: { create: fail, find: fail, rotate: fail, list: fail, end: fail, endOthers: fail },
    ping: fail,
  }
}
