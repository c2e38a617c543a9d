import { type Change, type Check, withHeaders, withMembers } from '../check.ts'
import { refreshOf } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import type { Account } from '../run/created-accounts.ts'
import { wideLetter } from '../run/invalid-values.ts'

const basic = ['Authorization', `Basic ${Buffer.from('verify:').toString('base64')}`] as const
const refused = { equalsExample: true }

/** What no schema says: a name is given out once, in all its spellings, and an account that signed up can log in. */
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
  const longTitle = `a name of ${longest.name} and a password of ${longest.password} letters`
  return [
    check('a name that is taken', 400, taken(), refused),
    check('a name that is taken, in capitals', 400, taken(upper), refused),
    check('a name that is taken, in full-width letters', 400, taken(fullWidth), refused),
    check(longTitle, 'success', withMembers(long)),
    check('a name and a password as long, of wide letters', 'success', withMembers(wide)),
  ]
}

const logInChecks = ({ logIn, accounts, checksOf }: Context, long: Account, wide: Account): readonly Check[] => {
  const { account } = accounts
  const check = checksOf(logIn)
  return [
    check('the long name logs in', 'success', withMembers(long)),
    check('the wide name logs in', 'success', withMembers(wide)),
    check('without a grant type', 'success', async () => ({ body: await account() })),
    check('the name in capitals', 'success', async () => ({ body: upper(await account()) })),
    check('the name in full-width letters', 'success', async () => ({ body: fullWidth(await account()) })),
    check('empty fields', 'success', withMembers({ grant_type: '', scope: '', client_id: '' })),
    check('a client that names itself by HTTP Basic', 'success', withHeaders(basic)),
    check('a client that authenticates twice', 400, withHeaders(basic, basic)),
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
    check('a refresh token that is none', 400, () => ({ body: refreshOf('none') }), refused),
    check('a refresh token of which a letter differs', 400, refreshing(altered), refused),
    // The error of this one depends on the length of the token.
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
    check('a password that begins as the right one', 401, shortened, refused),
    check('a long password with another end', 401, withMembers(withOtherEnd(long)), refused),
    check('a wide password with another end', 401, withMembers(withOtherEnd(wide)), refused),
    check('an unknown name', 401, withMembers({ username }), refused),
    check('an unknown name, as long as can be', 401, withMembers(unknown), refused),
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
