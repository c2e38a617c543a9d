// Runs the checks with one client library, in the folder where it is installed. It prints the reports of the library as
// JSON. The module of a library exports `createClient(setup)`, which returns these functions: `logIn(how, credentials)`
// and `refresh(tokens)` resolve to tokens in the library's own form; `accessTokenOf(tokens)`; `isExpired(tokens)`;
// `revoke(tokens)`; `readProtected(accessToken)` resolves to a body; `tell(error)` describes an error of the library.
import { setTimeout as delay } from 'node:timers/promises'

const [, , module, text] = process.argv
const setup = JSON.parse(text)
const { createClient } = await import(module)
const client = createClient(setup)
const shortLived = createClient({ ...setup, url: setup.shortLivedUrl })

const pollMilliseconds = 50
const maxPolls = 200

const attempt = async (work) => {
  try {
    return { value: await work() }
  } catch (error) {
    return { error: { ...client.tell(error), text: String(error) } }
  }
}

const { username, password } = setup
const logIn = (how, attempted) => client.logIn(how, { username, password: attempted })
const accessToken = async (tokens) => client.accessTokenOf(await tokens)

const until = async (isSo) => {
  for (let i = 0; i < maxPolls; i += 1) {
    if (await isSo()) return
    await delay(pollMilliseconds)
  }
  throw new Error('It did not expire')
}

const isRefused = async (token) => {
  const { status } = await fetch(`${setup.shortLivedUrl}/protected`, { headers: { Authorization: `Bearer ${token}` } })
  return status === 401
}

/** Reads /protected after the expiry of the access token. The library itself must notice the expiry. */
const outlive = async () => {
  const tokens = await shortLived.logIn('form', { username, password })
  await until(() => isRefused(shortLived.accessTokenOf(tokens)))
  // The library counts from the arrival of the response, the service from the start of its second.
  await delay(1000)
  if (!shortLived.isExpired(tokens)) throw new Error('The library takes the token for valid')
  return shortLived.readProtected(await accessToken(shortLived.refresh(tokens)))
}

const form = await attempt(() => logIn('form', password))
const report = {
  form: await attempt(() => client.accessTokenOf(form.value)),
  basic: await attempt(() => accessToken(logIn('basic', password))),
  without: await attempt(() => accessToken(logIn('without', password))),
  wrongForm: await attempt(() => logIn('form', `not ${password}`)),
  wrongBasic: await attempt(() => logIn('basic', `not ${password}`)),
  protected: await attempt(() => client.readProtected(client.accessTokenOf(form.value))),
  badToken: await attempt(() => client.readProtected('bad')),
  refresh: await attempt(() => accessToken(client.refresh(form.value))),
  revoke: await attempt(async () => (await client.revoke(form.value)) ?? 'revoked'),
  deadRefresh: await attempt(() => client.refresh(form.value)),
  expired: await attempt(outlive),
}
console.log(JSON.stringify(report))
