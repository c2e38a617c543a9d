import type { Check, Material } from './checks.ts'
import { asAnExample } from './examples.ts'
import type { Headers } from './exchange.ts'
import { encode, json, requestOf, urlencoded } from './requests.ts'
import type { Account } from './ledger.ts'
import { wideLetter } from './values.ts'

type Fields = Readonly<Record<string, string>>

const basic = ['Authorization', `Basic ${Buffer.from('verify:').toString('base64')}`] as const

/** What no schema says: a name is given once, in all its spellings, and who has signed up can log in. */
export const accountChecks = (material: Material): readonly Check[] => {
  const { document, session, host } = material
  const { signUp, logIn } = session

  const signUpCheck = (
    title: string,
    expected: Check['expected'],
    account: () => Account | Promise<Account>,
  ): Check => ({
    operationId: signUp.id,
    title,
    expected,
    request: async () => requestOf(host, signUp.method, signUp.path, { body: encode(json, await account()) }),
    ...(expected === 'success' ? {} : { also: asAnExample(document, signUp.id) }),
  })
  const logInCheck = (
    title: string,
    expected: Check['expected'],
    fields: (account: Account) => Fields | Promise<Fields>,
    headers: Headers = [],
  ): Check => ({
    operationId: logIn.id,
    title,
    expected,
    request: async () =>
      requestOf(host, logIn.method, logIn.path, {
        headers,
        body: encode(urlencoded, await fields(await session.account())),
      }),
    ...(expected === 401 ? { also: asAnExample(document, logIn.id) } : {}),
  })

  const refreshCheck = (title: string, expected: Check['expected'], token: () => string | Promise<string>): Check => ({
    ...logInCheck(title, expected, async () => ({ grant_type: 'refresh_token', refresh_token: await token() })),
    ...(expected === 'success' ? {} : { also: asAnExample(document, logIn.id) }),
  })

  const { name: nameLength, password: passwordLength } = session.longest
  const long = { ...session.newAccount(nameLength), password: 'a'.repeat(passwordLength) }
  const wide = { ...session.newAccount(nameLength, wideLetter), password: wideLetter.repeat(passwordLength) }
  const { username, password } = session.newAccount()

  return [
    signUpCheck('a name that is taken', 400, () => session.account()),
    signUpCheck('a name that is taken, in capitals', 400, async () => upper(await session.account())),
    signUpCheck('a name that is taken, in full-width letters', 400, async () => fullWidth(await session.account())),
    signUpCheck(`a name of ${nameLength} and a password of ${passwordLength} letters`, 'success', () => long),
    signUpCheck(`a name and a password as long, of wide letters`, 'success', () => wide),
    logInCheck('the long name logs in', 'success', () => ({ ...long })),
    logInCheck('the wide name logs in', 'success', () => ({ ...wide })),
    logInCheck('without a grant type', 'success', (account) => ({ ...account })),
    logInCheck('the name in capitals', 'success', (account) => ({ ...upper(account) })),
    logInCheck('the name in full-width letters', 'success', (account) => ({ ...fullWidth(account) })),
    logInCheck('empty fields', 'success', (account) => ({ ...account, grant_type: '', scope: '', client_id: '' })),
    logInCheck('a client that names itself by HTTP Basic', 'success', (account) => ({ ...account }), [basic]),
    logInCheck('a client that authenticates twice', 400, (account) => ({ ...account }), [basic, basic]),
    refreshCheck('a refresh', 'success', () => session.refreshToken()),
    refreshCheck('a refresh token that is none', 400, () => 'none'),
    refreshCheck('a refresh token of which a letter differs', 400, async () => {
      const token = await session.refreshToken()
      return `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    }),
    // Which error that is depends on how long it is.
    logInCheck('an access token as a refresh token', 400, async (account) => ({
      grant_type: 'refresh_token',
      refresh_token: (await session.open(account)).accessToken,
    })),
    logInCheck('an unknown scope', 400, (account) => ({ ...account, scope: 'everything' })),
    logInCheck('a wrong password', 401, (account) => ({ ...account, password })),
    logInCheck('a password that begins as the right one', 401, (account) => ({
      ...account,
      password: account.password.slice(0, -1),
    })),
    logInCheck('a long password with another end', 401, () => withOtherEnd(long)),
    logInCheck('a wide password with another end', 401, () => withOtherEnd(wide)),
    logInCheck('an unknown name', 401, (account) => ({ ...account, username })),
    logInCheck('an unknown name, as long as can be', 401, () => ({
      username: session.newAccount(nameLength).username,
      password: long.password,
    })),
  ]
}

export const upper = ({ username, password }: Account): Account => ({ username: username.toUpperCase(), password })

/** In full-width letters, which are the same name (NFKC). */
export const fullWidth = ({ username, password }: Account): Account => ({
  username: username.replace(/[!-~]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
  password,
})

const withOtherEnd = ({ username, password }: Account): Fields => ({
  username,
  password: `${[...password].slice(0, -1).join('')}z`,
})
