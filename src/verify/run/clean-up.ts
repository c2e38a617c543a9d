import type { Operation } from '../../contract/operations.ts'
import type { Context } from './context.ts'
import type { Account, CreatedAccounts } from './created-accounts.ts'
import { operationNamed } from './roles.ts'

/** Counts the accounts that a run signed up and deleted. */
export interface AccountsReport {
  /** The prefix of their names. */
  readonly prefix: string
  readonly signedUp: number
  readonly deleted: number
  /** The accounts that remain, by reason. */
  readonly staying: readonly { readonly reason: string; readonly names: readonly string[] }[]
}

/** Deletes the accounts of a run. It logs in to each of them, and calls the operation deleteAccount if there is one.
 * @param hasStopped whether the server no longer responds, which ends the deletion
 * @param onAccount is called before each deletion */
export const cleanUp = async (
  context: Context,
  created: CreatedAccounts,
  hasStopped: () => boolean,
  onAccount: (username: string) => void,
): Promise<AccountsReport> => {
  const deletion = operationNamed(context.operations, 'deleteAccount')
  const staying = new Map<string, readonly string[]>()
  const keep = (reason: string, names: readonly string[]): unknown =>
    staying.set(reason, [...(staying.get(reason) ?? []), ...names])

  for (const account of created.left()) {
    const { username } = account
    if (deletion === undefined) keep('the contract has no operation deleteAccount', [username])
    else if (hasStopped()) keep('the server no longer responds', [username])
    else {
      onAccount(username)
      const obstacle = await deleteAccount(deletion, context, account)
      if (obstacle !== undefined) keep(obstacle, [username])
    }
  }
  const nameless = created.nameless()
  if (nameless.length > 0) keep('the sign-up had no name or no password', nameless)
  return {
    prefix: context.accounts.prefix,
    signedUp: created.signedUp(),
    deleted: created.deleted(),
    staying: [...staying].map(([reason, names]) => ({ reason, names })),
  }
}

/** Returns the reason if the deletion fails, or undefined. */
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
