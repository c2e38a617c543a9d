import type { Audit } from '../audit.ts'
import type { Caller } from '../caller.ts'
import type { Clock } from '../clock.ts'
import { Failure, invalidBody, type InvalidPlace } from '../failure.ts'
import type { Account, AccountStore } from './account-store.ts'
import type { Passwords } from './passwords.ts'
import { accountId, usernameFault } from './usernames.ts'

export interface Accounts {
  /** Creates an account.
   * @throws Failure 'invalid-body': the name or the password breaks a rule
   * @throws Failure 'username-taken': an account has or had this name, in any case or Unicode form
   * @throws Failure 'overloaded' */
  readonly register: (username: string, password: string, audit: Audit) => Promise<void>
  /** Returns the account with this name and password. The case and the Unicode form of the name do not matter.
   * @throws Failure 'incorrect-credentials': the name is unknown or the password is wrong; both look the same
   * @throws Failure 'overloaded' */
  readonly authenticate: (username: string, password: string, audit: Audit) => Promise<Account>
  /** @throws Failure 'invalid-token': the account was deleted */
  readonly read: (id: string) => Promise<Account>
  /** Replaces the password, and ends all sessions of the account except the caller's.
   * @throws Failure 'invalid-body': the new password breaks a rule
   * @throws Failure 'incorrect-password': the current password is wrong
   * @throws Failure 'invalid-token': the caller's session has ended
   * @throws Failure 'overloaded' */
  readonly changePassword: (
    caller: Caller,
    passwords: { readonly current: string; readonly next: string },
    audit: Audit,
  ) => Promise<void>
  /** Deletes the account and ends all its sessions. Its name stays taken.
   * @throws Failure 'invalid-token': the caller's session has ended */
  readonly delete: (caller: Caller, audit: Audit) => Promise<void>
}

export const createAccounts = (parts: {
  readonly store: AccountStore
  readonly passwords: Passwords
  readonly clock: Clock
}): Accounts => {
  const { store, passwords, clock } = parts

  const rehash = async ({ id, passwordHash }: Account, password: string): Promise<void> => {
    try {
      await store.replacePasswordHash(id, passwordHash, await passwords.hash(password))
    } catch {
      // The password is right, so the log-in succeeds. The next log-in tries again.
    }
  }

  const read = async (id: string): Promise<Account> => (await store.find(id)) ?? refuseEnded()

  return {
    register: async (username, password, audit) => {
      refuseFaults({ '#/username': usernameFault(username), '#/password': passwords.fault(password) })
      const id = accountId(username)
      // This check only saves the cost of a hash. Only store.create decides whether the name is free.
      if (await store.isTaken(id)) throw new Failure('username-taken')
      const passwordHash = await passwords.hash(password)
      const account = { id, username, passwordHash, credentialVersion: 0, createdAt: clock.nowSeconds() }
      if ((await store.create(account)) === 'taken') throw new Failure('username-taken')
      audit({ event: 'signed_up', username })
    },

    authenticate: async (username, password, audit) => {
      const account = await store.find(accountId(username))
      const match = await passwords.verify(account?.passwordHash, password)
      if (!account || match === 'wrong') {
        audit({ event: 'login_failed', username: account?.username })
        throw new Failure('incorrect-credentials')
      }
      if (match === 'outdated') await rehash(account, password)
      return account
    },

    read,

    changePassword: async ({ accountId, sessionId }, { current, next }, audit) => {
      refuseFaults({ '#/new_password': passwords.fault(next) })
      const { username, passwordHash: currentHash, credentialVersion } = await read(accountId)
      if ((await passwords.verify(currentHash, current)) === 'wrong') {
        audit({ event: 'login_failed', username, session: sessionId })
        throw new Failure('incorrect-password')
      }
      const passwordHash = await passwords.hash(next)
      const change = { accountId, credentialVersion, passwordHash, sessionId }
      const outcome = await store.changePassword(change)
      if (outcome === 'ended') refuseEnded()
      if (outcome === 'outdated') throw new Failure('incorrect-password')
      audit({ event: 'password_changed', username, session: sessionId })
    },

    delete: async ({ accountId, sessionId, username }, audit) => {
      if ((await store.delete(accountId, sessionId)) === 'ended') refuseEnded()
      audit({ event: 'account_deleted', username, session: sessionId })
    },
  }
}

const refuseFaults = (faults: Readonly<Record<string, string | undefined>>): void => {
  const places = Object.entries(faults).flatMap(([pointer, detail]): InvalidPlace[] =>
    detail === undefined ? [] : [{ pointer, detail }],
  )
  if (places.length > 0) throw invalidBody(...places)
}

const refuseEnded = (): never => {
  throw new Failure('invalid-token', { reason: 'the session ended during the request' })
}
