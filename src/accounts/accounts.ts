import { Failure, invalidBody, type InvalidPlace } from '../failure.ts'
import type { AccountStore } from './account-store.ts'
import type { Passwords } from './passwords.ts'
import { usernameFault, usernameKey } from './usernames.ts'

export interface Accounts {
  /** Creates an account.
   * @throws Failure 'invalid-body': the name or the password breaks a rule
   * @throws Failure 'username-taken': in this or another spelling
   * @throws Failure 'overloaded' */
  readonly register: (username: string, password: string) => Promise<void>
  /** Returns the username as it was entered at sign-up.
   * @throws Failure 'incorrect-credentials', alike for an unknown name and a wrong password
   * @throws Failure 'overloaded' */
  readonly authenticate: (username: string, password: string) => Promise<string>
}

export const createAccounts = ({ store, passwords }: { store: AccountStore; passwords: Passwords }): Accounts => {
  const refuseFaults = (username: string, password: string): void => {
    const places: InvalidPlace[] = []
    const add = (pointer: string, detail: string | undefined): void => {
      if (detail !== undefined) places.push({ pointer, detail })
    }
    add('#/username', usernameFault(username))
    add('#/password', passwords.fault(password))
    if (places.length > 0) throw invalidBody(...places)
  }

  const rehash = async (key: string, oldHash: string, password: string): Promise<void> => {
    try {
      await store.replacePasswordHash(key, oldHash, await passwords.hash(password))
    } catch {
      // The password was right all the same; the next log-in tries again.
    }
  }

  return {
    register: async (username, password) => {
      refuseFaults(username, password)
      const key = usernameKey(username)
      // Only spares the hash: whether the name is free is decided by create alone.
      if (await store.find(key)) throw new Failure('username-taken')
      const passwordHash = await passwords.hash(password)
      const outcome = await store.create({ username, usernameKey: key, passwordHash })
      if (outcome === 'taken') throw new Failure('username-taken')
    },

    authenticate: async (username, password) => {
      const account = await store.find(usernameKey(username))
      const matches = await passwords.verify(account?.passwordHash, password)
      if (!account || !matches) throw new Failure('incorrect-credentials')
      if (passwords.isOutdated(account.passwordHash)) await rehash(account.usernameKey, account.passwordHash, password)
      return account.username
    },
  }
}
