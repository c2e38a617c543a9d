import type { Operation } from '../contract/operations.ts'
import { fullWidth, upper } from './account-checks.ts'
import type { Check, Material } from './checks.ts'
import { asAnExample } from './examples.ts'
import type { Received } from './exchange.ts'
import type { Account } from './ledger.ts'
import { memoized } from './memoized.ts'
import { perform } from './perform.ts'
import { encode, json, requestOf, urlencoded } from './requests.ts'
import { outgoingOf } from './right-requests.ts'
import { operationNamed, probeOf } from './roles.ts'

/** What no schema says of the operations by which people change what is theirs. */
export const holderChecks = (material: Material): readonly Check[] =>
  Object.entries({ changePassword: passwordChecks, deleteAccount: nameChecks, endSession: sessionChecks }).flatMap(
    ([operationId, checks]) => {
      const operation = operationNamed(material.document, operationId)
      return operation === undefined ? [] : checks(operation, material)
    },
  )

/** Who does not know the password does not change it; who has changed it logs in with the new one alone. */
const passwordChecks = (operation: Operation, material: Material): readonly Check[] => {
  const { document, session, host, makeRight } = material
  const { id: operationId } = operation
  const { password: wrong } = session.newAccount()
  const changed = memoized(async () => {
    const tokens = await session.open(await session.freshAccount())
    const right = await makeRight(operation, tokens)
    const { password } = session.newAccount()
    await perform(material, { ...right, body: { ...right.body, new_password: password } })
    return { before: tokens.account, now: { ...tokens.account, password } }
  })
  return [
    {
      operationId,
      title: 'a wrong current password',
      expected: 403,
      also: (answer) => [...hasNoChallenge(answer), ...asAnExample(document, operationId)(answer)],
      request: async () => {
        const right = await makeRight(operation)
        return outgoingOf(host, { ...right, body: { ...right.body, current_password: wrong } })
      },
    },
    logInCheck(material, 'the password of before, after changePassword', 401, async () => (await changed()).before),
    logInCheck(material, 'the new password, after changePassword', 'success', async () => (await changed()).now),
  ]
}

/** With a challenge, a client would refresh its token and try again. */
const hasNoChallenge = ({ headers }: Received): readonly string[] =>
  headers['www-authenticate'] === undefined
    ? []
    : ['there must be no header WWW-Authenticate, as the token is not what is wrong']

/** Nobody logs in to an account that was deleted, or gets its name. */
const nameChecks = (operation: Operation, material: Material): readonly Check[] => {
  const { document, session, host, makeRight } = material
  const { signUp } = session
  const deleted = memoized(async () => {
    const account = await session.freshAccount()
    await perform(material, await makeRight(operation, await session.open(account)))
    return account
  })
  const signUpCheck = (title: string, spelled: (account: Account) => Account): Check => ({
    operationId: signUp.id,
    title,
    expected: 400,
    also: asAnExample(document, signUp.id),
    request: async () => requestOf(host, signUp.method, signUp.path, { body: encode(json, spelled(await deleted())) }),
  })
  return [
    logInCheck(material, 'the name of an account that was deleted', 401, deleted),
    signUpCheck('the name of an account that was deleted', (account) => account),
    signUpCheck('the name of an account that was deleted, in capitals', upper),
    signUpCheck('the name of an account that was deleted, in full-width letters', fullWidth),
  ]
}

/** Nobody ends the session of someone else, or one twice. */
const sessionChecks = (operation: Operation, material: Material): readonly Check[] => {
  const { document, session, host, makeRight } = material
  const { id: operationId } = operation
  const probe = probeOf(document)
  const opened = async () => {
    const tokens = await session.open(await session.freshAccount())
    return { tokens, right: await makeRight(operation, tokens) }
  }
  const stranger = memoized(opened)
  const refused = { operationId, expected: 404, also: asAnExample(document, operationId) }
  return [
    {
      ...refused,
      title: 'a session of another account',
      request: async () => outgoingOf(host, { ...(await makeRight(operation)), path: (await stranger()).right.path }),
    },
    ...(probe === undefined
      ? []
      : [
          {
            operationId: probe.id,
            title: `the access token of that session, after ${operationId} by someone else`,
            expected: 'success' as const,
            request: async () => outgoingOf(host, await makeRight(probe, (await stranger()).tokens)),
          },
        ]),
    {
      ...refused,
      title: 'a session that has ended',
      request: async () => {
        const { right, tokens: ended } = await opened()
        const tokens = await session.open(ended.account)
        await perform(material, { ...right, tokens })
        return outgoingOf(host, { ...right, tokens })
      },
    },
  ]
}

const logInCheck = (
  { document, host, session: { logIn } }: Material,
  title: string,
  expected: Check['expected'],
  account: () => Promise<Account>,
): Check => ({
  operationId: logIn.id,
  title,
  expected,
  ...(expected === 'success' ? {} : { also: asAnExample(document, logIn.id) }),
  request: async () =>
    requestOf(host, logIn.method, logIn.path, { body: encode(urlencoded, { ...(await account()) }) }),
})
