import type { Check, Material } from './checks.ts'
import type { Headers } from './exchange.ts'
import { encode, json, requestOf, urlencoded } from './requests.ts'
import { type Account, membersOf } from './session.ts'
import { type Schema, wholeSchema, wideLetter } from './values.ts'

type Fields = Readonly<Record<string, string>>

/** What no schema says: a name is given once, in all its spellings, and who has signed up can log in. */
export const accountChecks = (material: Material): readonly Check[] => {
  const { session, host } = material
  const { signUp, logIn } = session

  const signUpCheck = (
    title: string,
    expected: Check['expected'],
    account: () => Account | Promise<Account>,
  ): Check => ({
    operationId: signUp.operation.operationId,
    title,
    expected,
    request: async () => requestOf(host, signUp.method, signUp.path, { body: encode(json, await account()) }),
  })
  const logInCheck = (
    title: string,
    expected: Check['expected'],
    fields: (account: Account) => Fields,
    headers: Headers = [],
  ): Check => ({
    operationId: logIn.operation.operationId,
    title,
    expected,
    request: async () =>
      requestOf(host, logIn.method, logIn.path, {
        headers,
        body: encode(urlencoded, fields(await session.account())),
      }),
    ...(expected === 401 ? { also: refusesTheGrant } : {}),
  })

  const [nameLength, passwordLength] = longest(material)
  const long = { ...session.newAccount(nameLength), password: 'a'.repeat(passwordLength) }
  const wide = { ...session.newAccount(nameLength, wideLetter), password: wideLetter.repeat(passwordLength) }
  const { username, password } = session.newAccount()

  return [
    signUpCheck('a name that is taken', 400, () => session.account()),
    signUpCheck('a name that is taken, in capitals', 400, async () => upper(await session.account())),
    signUpCheck(`a name of ${nameLength} and a password of ${passwordLength} letters`, 'success', () => long),
    signUpCheck(`a name and a password as long, of wide letters`, 'success', () => wide),
    logInCheck('the long name logs in', 'success', () => ({ ...long })),
    logInCheck('the wide name logs in', 'success', () => ({ ...wide })),
    logInCheck('without a grant type', 'success', (account) => ({ ...account })),
    logInCheck('the name in capitals', 'success', (account) => ({ ...upper(account) })),
    logInCheck('empty fields', 'success', (account) => ({ ...account, grant_type: '', scope: '', client_id: '' })),
    logInCheck('a client that names itself by HTTP Basic', 'success', (account) => ({ ...account }), [
      ['Authorization', `Basic ${Buffer.from('verify:').toString('base64')}`],
    ]),
    logInCheck('a client that authenticates twice', 400, (account) => ({ ...account }), [
      ['Authorization', `Basic ${Buffer.from('verify:').toString('base64')}`],
      ['Authorization', `Basic ${Buffer.from('verify:').toString('base64')}`],
    ]),
    logInCheck('an unknown scope', 400, (account) => ({ ...account, scope: 'everything' })),
    logInCheck('a wrong password', 401, (account) => ({ ...account, password })),
    logInCheck('a password that is longer than the right one', 401, (account) => ({
      ...account,
      password: `${account.password}x`,
    })),
    logInCheck('an unknown name', 401, (account) => ({ ...account, username })),
    logInCheck('an unknown name, as long as can be', 401, () => ({
      username: session.newAccount(nameLength).username,
      password: long.password,
    })),
  ]
}

const upper = ({ username, password }: Account): Account => ({ username: username.toUpperCase(), password })

const refusesTheGrant: NonNullable<Check['also']> = (answer) => {
  const { error } = membersOf(answer)
  return error === 'invalid_grant' ? [] : [`the member /error must be "invalid_grant" (RFC 6749, 5.2)`]
}

/** The lengths of the longest name and password that sign-up takes. */
const longest = ({ document, session }: Material): readonly [name: number, password: number] => {
  const media = session.signUp.operation.requestBody?.content[json] as { readonly schema: Schema } | undefined
  const properties = wholeSchema(document, media?.schema ?? {}).properties ?? {}
  const length = (name: string): number => wholeSchema(document, properties[name] ?? {}).maxLength ?? 64
  return [length('username'), length('password')]
}
