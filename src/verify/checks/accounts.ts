import { type Change, type Check, withHeaders, withMembers } from '../check.ts'
import { refreshOf } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import type { Account } from '../run/created-accounts.ts'
import { wideLetter } from '../run/invalid-values.ts'

const basic = ['Authorization', `Basic ${Buffer.from('verify:').toString('base64')}`] as const
const refused = { equalsExample: true }

/** Rules that no schema can express: a name can sign up once, whatever its spelling, and the account can then log
 * in. */
export const accountChecks = (context: Context): readonly Check[] => {
  const { newAccount, longest } = context.accounts
  const long = { ...newAccount(longest.name), password: 'a'.repeat(longest.password) }
  const wide = { ...newAccount(longest.name, wideLetter), password: wideLetter.repeat(longest.password) }
  return [
    ...signUpChecks(context, long, wide),
    ...logInChecks(context, long, wide),
    ...refreshChecks(context),
    ...wrongLogInChecks(context, long, wide),
  ]
}

const signUpChecks = ({ signUp, accounts, checksOf }: Context, long: Account, wide: Account): readonly Check[] => {
  const { account, longest } = accounts
  const check = checksOf(signUp)
  const taken =
    (spelling = (known: Account) => known): Change =>
    async () => ({ body: spelling(await account()) })
  const longTitle = `a name of ${longest.name} and a password of ${longest.password} characters`
  return [
    check('a name that is taken', 400, taken(), refused),
    check('a name that is taken, in capitals', 400, taken(upper), refused),
    check('a name that is taken, in full-width letters', 400, taken(fullWidth), refused),
    check(longTitle, 'success', withMembers(long)),
    check('a name and a password of the same lengths, in four-byte characters', 'success', withMembers(wide)),
  ]
}

const logInChecks = ({ logIn, accounts, checksOf }: Context, long: Account, wide: Account): readonly Check[] => {
  const { account } = accounts
  const check = checksOf(logIn)
  return [
    check('the longest name and password', 'success', withMembers(long)),
    check('the longest name and password, in four-byte characters', 'success', withMembers(wide)),
    check('without a grant type', 'success', async () => ({ body: await account() })),
    check('the name in capitals', 'success', async () => ({ body: upper(await account()) })),
    check('the name in full-width letters', 'success', async () => ({ body: fullWidth(await account()) })),
    check('empty fields', 'success', withMembers({ grant_type: '', scope: '', client_id: '' })),
    check('a client id in HTTP Basic', 'success', withHeaders(basic)),
    check('two Authorization headers with HTTP Basic', 400, withHeaders(basic, basic)),
  ]
}

const refreshChecks = ({ logIn, accounts, checksOf }: Context): readonly Check[] => {
  const { account, open, refreshToken } = accounts
  const check = checksOf(logIn)
  const refreshing =
    (token: () => Promise<string>): Change =>
    async () => ({ body: refreshOf(await token()) })
  const altered = async () => {
    const token = await refreshToken()
    return `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
  }
  const accessToken = async () => (await open(await account())).accessToken
  return [
    check('a refresh', 'success', refreshing(refreshToken)),
    check('a malformed refresh token', 400, () => ({ body: refreshOf('none') }), refused),
    check('a refresh token with one character changed', 400, refreshing(altered), refused),
    // No example: the error depends on the length of the token.
    check('an access token as a refresh token', 400, refreshing(accessToken)),
  ]
}

const wrongLogInChecks = ({ logIn, accounts, checksOf }: Context, long: Account, wide: Account): readonly Check[] => {
  const { newAccount, longest } = accounts
  const check = checksOf(logIn)
  const { username, password } = newAccount()
  const unknown = { username: newAccount(longest.name).username, password: long.password }
  const shortened: Change = ({ body }) => ({ body: { ...body, password: String(body?.password).slice(0, -1) } })
  return [
    check('an unknown scope', 400, withMembers({ scope: 'everything' })),
    check('a wrong password', 401, withMembers({ password }), refused),
    check('the right password without its last character', 401, shortened, refused),
    check('the longest password with another last character', 401, withMembers(withOtherEnd(long)), refused),
    check(
      'the longest password in four-byte characters, with another last one',
      401,
      withMembers(withOtherEnd(wide)),
      refused,
    ),
    check('an unknown name', 401, withMembers({ username }), refused),
    check('an unknown name of the maximum length', 401, withMembers(unknown), refused),
  ]
}

export const upper = ({ username, password }: Account): Account => ({ username: username.toUpperCase(), password })

/** Full-width letters spell the same name (NFKC). */
export const fullWidth = ({ username, password }: Account): Account => ({
  username: username.replace(/[!-~]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
  password,
})

const withOtherEnd = ({ username, password }: Account) => ({
  username,
  password: `${[...password].slice(0, -1).join('')}z`,
})
