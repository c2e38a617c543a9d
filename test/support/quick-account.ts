import { accountId } from '../../src/accounts/usernames.ts'
import { systemClock } from '../../src/clock.ts'
import type { Stores } from '../../src/stores/stores.ts'

/** The password of every quick account. bcrypt ignores what follows 72 bytes, so that a log-in cannot replace the hash
 * by one of argon2id. */
export const quickPassword = 'a'.repeat(80)
const passwordHash = '$2a$04$AyIw.RW63fTI0kkEHPWPHOMdewkMOGy7DNMY0FAbLCFrMPsnflNQ2'

/** Adds an account with an imported hash that is verified within a millisecond. Tests that only need a log-in would
 * spend most of their time on argon2id otherwise. */
export const addQuickAccount = async (
  { stores: { accounts } }: { readonly stores: Pick<Stores, 'accounts'> },
  username: string,
  { nowSeconds } = systemClock,
): Promise<void> => {
  const account = { id: accountId(username), username, passwordHash, credentialVersion: 0, createdAt: nowSeconds() }
  if ((await accounts.create(account)) === 'taken') throw new Error(`There is an account ${username} already`)
}
