import { expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { systemClock } from '../src/clock.ts'
import { contractClient, form, logIn, type Received, refresh, signUp, withToken } from './support/contract-client.ts'
import { startService } from './support/service.ts'

test('what happens to accounts and sessions stands in the log, with the request and no secrets', async () => {
  let now = 1_800_000_000
  const service = await startService({ clock: { ...systemClock, nowSeconds: () => now } })
  const client = contractClient(service.url)
  const secrets: string[] = ['pass-canary', 'new-canary', 'name-canary']
  const open = async (clientId: string) => {
    const answer = await logIn(client, 'licat', 'pass-canary', { client_id: clientId })
    secrets.push(answer.json.access_token, answer.json.refresh_token)
    const { sid } = jwt.decode(answer.json.access_token) as { sid: string }
    return { answer, sid, as: withToken(client, answer.json.access_token), token: answer.json.refresh_token as string }
  }
  const expected: Record<string, unknown>[] = []
  const expectEvent = ({ headers }: Received, event: string, more: object = {}): void => {
    expected.push({ event, id: headers['x-request-id'], address: '127.0.0.1', username: 'Licat', ...more })
  }

  expectEvent(await signUp(client, 'Licat', 'pass-canary'), 'signed_up')
  expect((await signUp(client, 'licat', 'pass-canary')).status).toBe(400)
  expectEvent(await logIn(client, 'LICAT', 'wrong pass-canary'), 'login_failed')
  expectEvent(await logIn(client, 'name-canary', 'pass-canary'), 'login_failed', { username: undefined })

  // Says nothing of the password, and nobody has looked at it.
  expect((await logIn(client, 'licat', 'pass-canary', { scope: 'bogus' })).status).toBe(400)
  expect((await logIn(client, 'licat', 'wrong', { scope: 'bogus' })).status).toBe(400)

  const own = await open('web')
  expectEvent(own.answer, 'logged_in', { session: own.sid, client: 'web' })
  const refreshed = await refresh(client, own.token)
  secrets.push(refreshed.json.access_token, refreshed.json.refresh_token)
  expectEvent(refreshed, 'refreshed', { session: own.sid, client: 'web' })

  const stolen = await open('phone')
  expectEvent(stolen.answer, 'logged_in', { session: stolen.sid, client: 'phone' })
  expectEvent(await refresh(client, stolen.token), 'refreshed', { session: stolen.sid, client: 'phone' })
  now += 60
  expectEvent(await refresh(client, stolen.token), 'reuse_detected', { session: stolen.sid, client: 'phone' })
  expect((await refresh(client, stolen.token)).status).toBe(400)

  const revoked = await open('tablet')
  expectEvent(revoked.answer, 'logged_in', { session: revoked.sid, client: 'tablet' })
  const revoke = () =>
    client({
      method: 'POST',
      path: '/revoke',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form({ token: revoked.token }),
    })
  expectEvent(await revoke(), 'revoked', { session: revoked.sid })
  expect((await revoke()).status).toBe(200)

  const out = await open('tv')
  expectEvent(out.answer, 'logged_in', { session: out.sid, client: 'tv' })
  expectEvent(await out.as({ method: 'POST', path: '/logout' }), 'revoked', { session: out.sid })

  const ended = await open('car')
  expectEvent(ended.answer, 'logged_in', { session: ended.sid, client: 'car' })
  expectEvent(await own.as({ method: 'DELETE', path: `/sessions/${ended.sid}` }), 'revoked', { session: ended.sid })

  const other = await open('watch')
  expectEvent(other.answer, 'logged_in', { session: other.sid, client: 'watch' })
  expectEvent(await own.as({ method: 'DELETE', path: '/sessions' }), 'revoked', { session: other.sid })

  const change = (current: string) =>
    own.as({
      method: 'PUT',
      path: '/account/password',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ current_password: current, new_password: 'new-canary' }),
    })
  expectEvent(await change('wrong'), 'login_failed', { session: own.sid })
  expectEvent(await change('pass-canary'), 'password_changed', { session: own.sid })
  expectEvent(await own.as({ method: 'DELETE', path: '/account' }), 'account_deleted', { session: own.sid })

  const events = service.lines.filter(({ msg }) => msg === 'audit')
  const ofOne = ({ event, id, address, username, session, client: by }: Record<string, unknown>) => ({
    event,
    id,
    address,
    username,
    session,
    client: by,
  })
  expect(events.map(ofOne)).toEqual(expected.map(ofOne))
  expect(events.filter(({ level }) => level === 40).map(({ event }) => event)).toEqual(['reuse_detected'])
  for (const secret of secrets) expect(service.text()).not.toContain(secret)
})
