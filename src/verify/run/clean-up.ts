import type { Operation } from '../../contract/operations.ts'
import type { Context } from './context.ts'
import type { Account, CreatedAccounts } from './created-accounts.ts'
import { operationNamed } from './roles.ts'

/** What became of the accounts that a run signed up. */
export interface AccountsReport {
  /** How all their names begin. */
  readonly prefix: string
  readonly signedUp: number
  readonly deleted: number
  /** The accounts that stay, by the reason. */
  readonly staying: readonly { readonly reason: string; readonly names: readonly string[] }[]
}

/** Deletes the accounts of a run by logging in to each, where the contract has an operation for it.
 * @param isSilent whether the server no longer responds; nothing more is tried then
 * @param onAccount is called before each deletion */
export const cleanUp = async (
  context: Context,
  created: CreatedAccounts,
  isSilent: () => boolean,
  onAccount: (username: string) => void,
): Promise<AccountsReport> => {
  const deletion = operationNamed(context.operations, 'deleteAccount')
  const staying = new Map<string, readonly string[]>()
  const keep = (reason: string, names: readonly string[]): unknown =>
    staying.set(reason, [...(staying.get(reason) ?? []), ...names])

  for (const account of created.left()) {
    const { username } = account
    if (deletion === undefined) keep('the contract has no operation deleteAccount', [username])
    else if (isSilent()) keep('the server does not answer any more', [username])
    else {
      onAccount(username)
      const obstacle = await deleteAccount(deletion, context, account)
      if (obstacle !== undefined) keep(obstacle, [username])
    }
  }
  const nameless = created.nameless()
  if (nameless.length > 0) keep('the sign-up was not one', nameless)
  return {
    prefix: context.accounts.prefix,
    signedUp: created.signedUp(),
    deleted: created.deleted(),
    staying: [...staying].map(([reason, names]) => ({ reason, names })),
  }
}

/** Returns why the account could not be deleted, or undefined. */
const deleteAccount = async (
  deletion: Operation,
  { accounts, valid, perform }: Context,
  account: Account,
): Promise<string | undefined> => {
  try {
    await perform(await valid(deletion, await accounts.open(account)))
    return undefined
  } catch (error) {
    const { message, cause } = error as Error
    return typeof cause === 'string' ? cause : message
  }
}
