import type { ContractDocument } from '../../contract/document.ts'
import { type Operation, operationsOf } from '../../contract/operations.ts'
import { createCheckFactory, type CreateCheck } from '../check.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import type { CreatedAccounts } from './created-accounts.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import type { Send } from './exchange.ts'
import { createInvalidValues, type InvalidValues } from './invalid-values.ts'
import { type Roles, rolesOf } from './roles.ts'

/** Everything that the checks of a run share. */
export interface Context extends Roles, Drafts {
  readonly document: ContractDocument
  /** All operations of the document. */
  readonly operations: readonly Operation[]
  readonly accounts: Accounts
  readonly invalidValues: InvalidValues
  /** An access token that has expired, if there is one. */
  readonly expiredToken: string | undefined
  /** @param operation undefined for requests that match none */
  readonly checksOf: (operation: Operation | undefined) => CreateCheck
}

export const createContext = (
  document: ContractDocument,
  send: Send,
  created: Pick<CreatedAccounts, 'changes'>,
  expiredToken: string | undefined,
): Context => {
  const operations = operationsOf(document)
  const roles = rolesOf(document)
  const accounts = createAccounts(document, roles, send, created)
  const drafts = createDrafts(document, operations, roles, accounts, send)
  return {
    document,
    operations,
    accounts,
    invalidValues: createInvalidValues(document),
    expiredToken,
    checksOf: createCheckFactory(drafts.valid),
    ...roles,
    ...drafts,
  }
}
