import type { Operation } from '../contract/operations.ts'
import type { Material } from './checks.ts'
import type { Account, Ledger } from './ledger.ts'
import { perform } from './perform.ts'
import { operationNamed } from './roles.ts'

/** What became of the accounts that a run has signed up. */
export interface AccountsReport {
  /** How all their names begin. */
  readonly prefix: string
  readonly signedUp: number
  readonly deleted: number
  /** Those that stay, by the reason. */
  readonly staying: readonly { readonly reason: string; readonly names: readonly string[] }[]
}

/** Deletes the accounts of a run by logging in to each, where the contract has an operation for it.
 * @param isSilent whether the server has stopped answering, so that no more is tried
 * @param onAccount is told before each */
export const cleanUp = async (
  material: Material,
  ledger: Ledger,
  isSilent: () => boolean,
  onAccount: (username: string) => void,
): Promise<AccountsReport> => {
  const deletion = operationNamed(material.document, 'deleteAccount')
  const staying = new Map<string, readonly string[]>()
  const keep = (reason: string, names: readonly string[]): unknown =>
    staying.set(reason, [...(staying.get(reason) ?? []), ...names])

  for (const account of ledger.left()) {
    const { username } = account
    if (deletion === undefined) keep('the contract has no operation deleteAccount', [username])
    else if (isSilent()) keep('the server does not answer any more', [username])
    else {
      onAccount(username)
      const obstacle = await deleteBy(deletion, material, account)
      if (obstacle !== undefined) keep(obstacle, [username])
    }
  }
  const nameless = ledger.nameless()
  if (nameless.length > 0) keep('the sign-up was not one', nameless)
  return {
    prefix: material.session.prefix,
    signedUp: ledger.signedUp(),
    deleted: ledger.deleted(),
    staying: [...staying].map(([reason, names]) => ({ reason, names })),
  }
}

/** Returns why it could not be done, or undefined. */
const deleteBy = async (deletion: Operation, material: Material, account: Account): Promise<string | undefined> => {
  try {
    await perform(material, await material.makeRight(deletion, await material.session.open(account)))
    return undefined
  } catch (error) {
    const { message, cause } = error as Error
    return typeof cause === 'string' ? cause : message
  }
}
