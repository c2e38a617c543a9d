// What a user of the client does, in any runtime: JavaScript that Node and browsers share.
const password = 'open sesame, please'

const noBaseUrls = [
  'localhost:8000',
  'ftp://localhost',
  'http://localhost/?',
  'http://localhost/#a',
  'http://a:b@localhost',
]

/** @param client the exports of the client
 * @returns what was seen, as JSON can say it */
export const runScenario = async ({ createClient, SesameError }, baseUrl, username) => {
  const client = createClient({ baseUrl })
  const account = { username, password }
  const failure = async (call) => {
    try {
      return await call
    } catch (error) {
      if (!(error instanceof SesameError)) throw error
      const { code, status, requestId, errors } = error
      return [
        code,
        status ?? 'no status',
        requestId ? 'an id' : 'no id',
        ...errors.map(({ pointer }) => pointer),
      ].join()
    }
  }
  return {
    live: await client.readLiveness(),
    ready: await client.readReadiness(),
    withoutToken: await failure(client.readProtected()),
    refused: await failure(client.signup({ username: '', password })),
    signedUp: await client.signup(account),
    taken: await failure(client.signup(account)),
    wrong: await failure(client.login({ username, password: 'open wheat, please' })),
    isLoggedInBefore: client.isLoggedIn(),
    tokenType: (await client.login(account)).token_type,
    isLoggedIn: client.isLoggedIn(),
    greeting: await client.readProtected(),
    isLoggedInAfter: (client.forgetToken(), client.isLoggedIn()),
    forgotten: await failure(client.readProtected()),
    refusedBaseUrls: noBaseUrls.filter((noBaseUrl) => {
      try {
        return !createClient({ baseUrl: noBaseUrl })
      } catch (error) {
        return error instanceof TypeError
      }
    }),
    slashes: await createClient({ baseUrl: ` ${baseUrl}// ` }).readLiveness(),
    // Nobody listens there.
    unreachable: await failure(createClient({ baseUrl: 'http://127.0.0.1:1' }).readLiveness()),
  }
}

export const expected = (username) => ({
  live: { status: 'live' },
  ready: { status: 'ready' },
  withoutToken: 'not-authenticated,401,an id',
  refused: 'invalid-body,422,an id,#/username',
  signedUp: { message: 'User created successfully' },
  taken: 'username-taken,400,an id',
  wrong: 'invalid_grant,401,an id',
  isLoggedInBefore: false,
  tokenType: 'bearer',
  isLoggedIn: true,
  greeting: { message: `Hello ${username}! This is a protected route` },
  isLoggedInAfter: false,
  forgotten: 'not-authenticated,401,an id',
  refusedBaseUrls: noBaseUrls,
  slashes: { status: 'live' },
  unreachable: 'network-failure,no status,no id',
})
