import type { Operation } from '../../contract/operations.ts'
import { type Check, withMembers } from '../check.ts'
import type { Context } from '../run/context.ts'
import { once } from '../run/once.ts'
import type { Received } from '../run/exchange.ts'
import { bearer } from '../run/requests.ts'
import { operationNamed } from '../run/roles.ts'
import { fullWidth, upper } from './accounts.ts'

const refused = { equalsExample: true }

/** Rules that no schema can express, for the operations that change the caller's own account and sessions. */
export const accountHolderChecks = (context: Context): readonly Check[] =>
  Object.entries({ changePassword: passwordChecks, deleteAccount: nameChecks, endSession: sessionChecks }).flatMap(
    ([operationId, checks]) => {
      const operation = operationNamed(context.operations, operationId)
      return operation === undefined ? [] : checks(operation, context)
    },
  )

/** A change requires the current password. After it, only the new password logs in. */
const passwordChecks = (operation: Operation, context: Context): readonly Check[] => {
  const { logIn, accounts, valid, perform, checksOf } = context
  const logInCheck = checksOf(logIn)
  const { password: wrong } = accounts.newAccount()
  const changed = once(async () => {
    const tokens = await accounts.open(await accounts.freshAccount())
    const draft = await valid(operation, tokens)
    const { password } = accounts.newAccount()
    await perform({ ...draft, body: { ...draft.body, new_password: password } })
    return { before: tokens.account, now: { ...tokens.account, password } }
  })
  const demands = { also: hasNoChallenge, ...refused }
  const before = async () => ({ body: (await changed()).before })
  const now = async () => ({ body: (await changed()).now })
  return [
    checksOf(operation)('a wrong current password', 403, withMembers({ current_password: wrong }), demands),
    logInCheck('the old password, after changePassword', 401, before, refused),
    logInCheck('the new password, after changePassword', 'success', now),
  ]
}

/** A challenge would make a client refresh its token and try again. */
const hasNoChallenge = ({ headers }: Received): readonly string[] =>
  headers['www-authenticate'] === undefined
    ? []
    : ['the header WWW-Authenticate must be absent, because the token is valid']

/** Nobody can log in to a deleted account, or sign up with its name. */
const nameChecks = (operation: Operation, context: Context): readonly Check[] => {
  const { signUp, logIn, accounts, valid, perform, checksOf } = context
  const signUpCheck = checksOf(signUp)
  const title = 'the name of a deleted account'
  const deleted = once(async () => {
    const account = await accounts.freshAccount()
    await perform(await valid(operation, await accounts.open(account)))
    return account
  })
  return [
    checksOf(logIn)(title, 401, async () => ({ body: await deleted() }), refused),
    signUpCheck(title, 400, async () => ({ body: await deleted() }), refused),
    signUpCheck(`${title}, in capitals`, 400, async () => ({ body: upper(await deleted()) }), refused),
    signUpCheck(`${title}, in full-width letters`, 400, async () => ({ body: fullWidth(await deleted()) }), refused),
  ]
}

/** An account can end only its own sessions, and each session only once. */
const sessionChecks = (operation: Operation, context: Context): readonly Check[] => {
  const { probe, accounts, valid, perform, checksOf } = context
  const check = checksOf(operation)
  const opened = async () => {
    const tokens = await accounts.open(await accounts.freshAccount())
    return { ...tokens, draft: await valid(operation, tokens) }
  }
  const stranger = once(opened)
  const theirPath = async () => ({ path: (await stranger()).draft.path })
  const theirToken = async () => ({ headers: [bearer((await stranger()).accessToken)] })
  const again = async () => {
    const { account, draft } = await opened()
    const { accessToken } = await accounts.open(account)
    const repeated = { ...draft, headers: [bearer(accessToken)] }
    await perform(repeated)
    return repeated
  }
  const title = `the access token of that session, after ${operation.id} by another account`
  return [
    check('a session of another account', 404, theirPath, refused),
    ...(probe ? [checksOf(probe)(title, 'success', theirToken)] : []),
    check('a session that has ended', 404, again, refused),
  ]
}
