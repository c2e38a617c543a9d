import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { account, createHoldingFetch, rejection } from '../support/client-calls.ts'
import { type ClientService, expectEnded, expectLoggedOut, startClientService } from '../support/client-service.ts'

const newPassword = '5678'
const change = { current_password: account.password, new_password: newPassword }

let service: ClientService
beforeEach(async () => {
  service = await startClientService()
})
afterEach(() => service.stop())

test('the account is read', async () => {
  const { client } = await service.logIn()
  expect(await client.readAccount()).toEqual({
    username: 'licat',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  })
})

describe('a change of the password', () => {
  test('ends the other log-ins, and its own goes on', async () => {
    const { client } = await service.logIn()
    const { client: elsewhere } = await service.logIn()
    expect(await client.changePassword(change)).toEqual({ message: 'Password changed' })
    await expectEnded(elsewhere)
    service.expireAccessToken()
    expect(await client.readAccount()).toHaveProperty('username', 'licat')
    expect((await rejection(client.login(account))).code).toBe('invalid_grant')
    expect(await client.login({ ...account, password: newPassword })).toHaveProperty('access_token')
  })

  test('is sent again, body and all, where the access token has expired', async () => {
    const { client, sent } = await service.logIn()
    service.expireAccessToken()
    expect(await client.changePassword(change)).toEqual({ message: 'Password changed' })
    expect(sent).toEqual(['PUT /account/password', 'POST /token', 'PUT /account/password'])
    expect(await client.login({ ...account, password: newPassword })).toHaveProperty('access_token')
  })

  test('that is refused for a wrong password is not repeated, and leaves the log-in as it is', async () => {
    const { client, sent } = await service.logIn()
    const error = await rejection(client.changePassword({ ...change, current_password: 'wrong' }))
    expect(error).toMatchObject({ code: 'incorrect-password', status: 403 })
    expect(sent).toEqual(['PUT /account/password'])
    expect(client.isLoggedIn()).toBe(true)
    expect(await client.readAccount()).toHaveProperty('username')
  })

  test('names the places that are not valid', async () => {
    const { client } = await service.logIn()
    const error = await rejection(client.changePassword({ ...change, new_password: '' }))
    expect(error).toMatchObject({ code: 'invalid-body', status: 422, errors: [{ pointer: '#/new_password' }] })
  })
})

describe('the deletion of the account', () => {
  test('ends all log-ins, and forgets the tokens of its own', async () => {
    const { client, sent } = await service.logIn()
    const { client: elsewhere } = await service.logIn()
    expect(await client.deleteAccount()).toEqual({ message: 'Account deleted' })
    await expectLoggedOut(client)
    expect(sent).toEqual(['DELETE /account', 'GET /account'])
    await expectEnded(elsewhere)
    expect((await rejection(client.login(account))).code).toBe('invalid_grant')
    expect((await rejection(client.signup(account))).code).toBe('username-taken')
  })

  test('is sent again where the access token has expired, and the log-in is recent', async () => {
    const { client, sent } = await service.logIn()
    service.expireAccessToken()
    expect(await client.deleteAccount()).toEqual({ message: 'Account deleted' })
    expect(sent).toEqual(['DELETE /account', 'POST /token', 'DELETE /account'])
    await expectLoggedOut(client)
  })

  test('asks for a recent log-in, which no refresh is', async () => {
    const { client, sent } = await service.logIn()
    service.outlastRecentLogIn()
    const stepUp = { code: 'insufficient-user-authentication', status: 401, detail: 'A more recent log-in is required' }
    expect(await rejection(client.deleteAccount())).toMatchObject(stepUp)
    // The access token had expired, too.
    expect(sent.splice(0)).toEqual(['DELETE /account', 'POST /token', 'DELETE /account'])
    expect(await rejection(client.deleteAccount())).toMatchObject(stepUp)
    expect(sent.splice(0)).toEqual(['DELETE /account'])
    expect(client.isLoggedIn()).toBe(true)
    expect(await client.readAccount()).toHaveProperty('username', 'licat')

    await client.login(account)
    expect(await client.deleteAccount()).toEqual({ message: 'Account deleted' })
    await expectLoggedOut(client)
  })

  test('may be answered after another call has found the log-in to be over', async () => {
    const { fetch, holdNext, letGo } = createHoldingFetch()
    const { client, sent } = await service.logIn({ fetch })
    const deleted = holdNext()
    const deletion = client.deleteAccount()
    await deleted
    const refused = rejection(client.readAccount())
    expect((await refused).code).toBe('invalid-token')
    letGo()
    expect(await deletion).toEqual({ message: 'Account deleted' })
    expect(sent).toEqual(['DELETE /account', 'GET /account', 'POST /token'])
    await expectLoggedOut(client)
  })

  test('leaves a log-in that came meanwhile', async () => {
    const other = { username: 'molly', password: '5678' }
    const { fetch, holdNext, letGo } = createHoldingFetch()
    const { client } = await service.logIn({ fetch })
    await client.signup(other)
    const deleted = holdNext()
    const deletion = client.deleteAccount()
    await deleted
    await client.login(other)
    letGo()
    await deletion
    expect(client.isLoggedIn()).toBe(true)
    expect(await client.readAccount()).toHaveProperty('username', 'molly')
  })
})

describe('while a refresh is under way', () => {
  /** Calls that were refused as the access token had expired, and share the refresh whose answer is held. */
  const refreshing = async () => {
    const { fetch, holdNext, letGo } = createHoldingFetch()
    const { client, sent } = await service.logIn({ fetch })
    service.expireAccessToken()
    const refused = holdNext()
    const reading = client.readAccount()
    // Judged later, but a rejection must not come before.
    reading.catch(() => undefined)
    await refused
    const refreshed = holdNext()
    letGo()
    await refreshed
    return { client, sent, reading, letGo }
  }

  test('the account is deleted after it, and no token is left', async () => {
    const { client, sent, reading, letGo } = await refreshing()
    const deletion = client.deleteAccount()
    letGo()
    expect(await deletion).toEqual({ message: 'Account deleted' })
    // Which of the two the service has answered first does not matter.
    await reading.catch(() => undefined)
    expect(sent.filter((request) => request === 'POST /token')).toHaveLength(1)
    await expectLoggedOut(client)
  })

  test('the tokens of an account that was deleted elsewhere do not come back', async () => {
    const { client, reading, letGo } = await refreshing()
    const { client: elsewhere } = await service.logIn()
    await elsewhere.deleteAccount()
    letGo()
    expect((await rejection(reading)).code).toBe('invalid-token')
    await expectEnded(client)
  })
})
