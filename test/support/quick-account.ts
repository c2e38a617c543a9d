import { accountId } from '../../src/accounts/usernames.ts'
import { systemClock } from '../../src/clock.ts'
import type { Stores } from '../../src/stores/stores.ts'

/** The password of each quick account. bcrypt does not heed what is beyond 72 bytes, so that a log-in leaves the hash as
 * it is. */
export const quickPassword = 'a'.repeat(80)
const passwordHash = '$2a$04$AyIw.RW63fTI0kkEHPWPHOMdewkMOGy7DNMY0FAbLCFrMPsnflNQ2'

/** Adds an account as an import does, whose log-ins take a millisecond: for tests to which a log-in is the way to what
 * they are about, and which would hash argon2id most of their time. */
export const addQuickAccount = async (
  { stores: { accounts } }: { readonly stores: Pick<Stores, 'accounts'> },
  username: string,
  { nowSeconds } = systemClock,
): Promise<void> => {
  const account = { id: accountId(username), username, passwordHash, credentialVersion: 0, createdAt: nowSeconds() }
  if ((await accounts.create(account)) === 'taken') throw new Error(`There is an account ${username} already`)
}
