// Uses the client as a program would, in JavaScript that Node and browsers share.
const password = 'open sesame, please'
const newPassword = 'open barley, please'

const noBaseUrls = [
  'localhost:8000',
  'ftp://localhost',
  'http://localhost/?',
  'http://localhost/#a',
  'http://a:b@localhost',
]

/** Calls every operation.
 * @param client the exports of the client
 * @returns the observations, in values that JSON can express */
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
    ...(await manageAccount(createClient, baseUrl, account, failure)),
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
    // No server listens on this port.
    unreachable: await failure(createClient({ baseUrl: 'http://127.0.0.1:1' }).readLiveness()),
  }
}

/** Manages an account from two clients, and deletes it. */
const manageAccount = async (createClient, baseUrl, account, failure) => {
  const client = createClient({ baseUrl })
  const reader = createClient({ baseUrl })
  await client.login(account)
  await reader.login({ ...account, client_id: 'reader', scope: 'account:read' })
  const pages = await readPages(client)
  const sessions = pages.flat()
  const { session_id: readerId } = sessions.find((session) => session.client_id === 'reader')
  return {
    username: (await reader.readAccount()).username,
    scopeMissing: await failure(reader.listSessions()),
    pageLengths: pages.map((page) => page.length),
    // Sessions of one second have no order.
    sessions: sessions.map(({ client_id: id, is_current: isCurrent }) => `${id} ${isCurrent}`).sort(),
    ended: await client.endSession({ session_id: readerId }),
    endedTwice: await failure(client.endSession({ session_id: readerId })),
    noId: await failure(client.endSession({ session_id: '' })),
    readerIsOut: await failure(reader.readAccount()),
    notChanged: await failure(client.changePassword({ current_password: newPassword, new_password: newPassword })),
    changed: await client.changePassword({ current_password: account.password, new_password: newPassword }),
    others: await client.endOtherSessions(),
    isStillIn: (await client.listSessions()).sessions.length,
    deleted: await client.deleteAccount(),
    isLoggedInDeleted: client.isLoggedIn(),
    gone: await failure(client.login({ ...account, password: newPassword })),
  }
}

const readPages = async (client) => {
  const pages = []
  let cursor
  do {
    const page = await client.listSessions({ limit: 2, cursor })
    pages.push(page.sessions)
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return pages
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
  username,
  scopeMissing: 'insufficient-scope,403,an id',
  pageLengths: [2, 1],
  sessions: ['public false', 'public true', 'reader false'],
  ended: { message: 'Session ended' },
  endedTwice: 'unknown-session,404,an id',
  noId: 'invalid-parameter,no status,no id',
  readerIsOut: 'invalid-token,401,an id',
  notChanged: 'incorrect-password,403,an id',
  changed: { message: 'Password changed' },
  others: { message: 'Other sessions ended' },
  isStillIn: 1,
  deleted: { message: 'Account deleted' },
  isLoggedInDeleted: false,
  gone: 'invalid_grant,401,an id',
  isLoggedInAfter: false,
  forgotten: 'not-authenticated,401,an id',
  refusedBaseUrls: noBaseUrls,
  slashes: { status: 'live' },
  unreachable: 'network-failure,no status,no id',
})
