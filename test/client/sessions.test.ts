import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { SesameClient } from '../../src/client/index.ts'
import { rejection } from '../support/client-calls.ts'
import { type ClientService, expectEnded, startClientService } from '../support/client-service.ts'

let service: ClientService
beforeEach(async () => {
  service = await startClientService()
})
afterEach(() => service.stop())

const currentSession = async (client: SesameClient): Promise<string> => {
  const { sessions } = await client.listSessions()
  return sessions.find((session) => session.is_current)?.session_id ?? ''
}

describe('the list of the sessions', () => {
  const pages = async (client: SesameClient, limit: number): Promise<string[][]> => {
    const found: string[][] = []
    let cursor: string | undefined
    do {
      const page = await client.listSessions({ limit, cursor })
      found.push(page.sessions.map((session) => session.session_id))
      cursor = page.next_cursor
    } while (cursor !== undefined)
    return found
  }

  test.each([
    [2, [2, 2, 1]],
    [5, [5]],
    [100, [5]],
  ])('is read with its cursors, %i at a time', async (limit, lengths) => {
    for (let logIn = 1; logIn < 5; logIn += 1) await service.logIn()
    const { client, sent } = await service.logIn()
    const { sessions } = await client.listSessions()
    const found = await pages(client, limit)
    expect(found.map((page) => page.length)).toEqual(lengths)
    expect(found.flat()).toEqual(sessions.map((session) => session.session_id))
    expect(new Set(found.flat()).size).toBe(5)
    expect(sent).toHaveLength(1 + lengths.length)
  })

  test.each([
    [undefined, ''],
    [{}, ''],
    [{ limit: undefined, cursor: undefined }, ''],
    [{ limit: 7, cursor: undefined }, '?limit=7'],
  ])('is asked for without the parameters that are left out: %j', async (query, search) => {
    const { client, sent } = await service.logIn()
    expect((await client.listSessions(query)).sessions).toHaveLength(1)
    expect(sent).toEqual([`GET /sessions${search}`])
  })

  test('is asked for again with the same parameters where the access token has expired', async () => {
    const { client, sent } = await service.logIn()
    service.expireAccessToken()
    expect((await client.listSessions({ limit: 7 })).sessions).toMatchObject([{ is_current: true }])
    expect(sent).toEqual(['GET /sessions?limit=7', 'POST /token', 'GET /sessions?limit=7'])
  })

  test.each([
    ['a limit that is too small', { limit: 0 }],
    ['a limit that is no whole number', { limit: 1.5 }],
    ['a limit that is no number', { limit: NaN }],
    ['no cursor', { cursor: '' }],
    ['a cursor that has to be escaped', { cursor: 'a&limit=1#?%' }],
    ['a cursor that is no Unicode', { cursor: '\ud800' }],
  ])('is refused by the service: %s', async (_what, query) => {
    const { client, sent } = await service.logIn()
    const error = await rejection(client.listSessions(query))
    expect(error).toMatchObject({ name: 'SesameError', code: 'invalid-parameter', status: 400 })
    expect(sent).toHaveLength(1)
  })
})

describe('the end of a session', () => {
  test('is that of another log-in', async () => {
    const { client } = await service.logIn()
    const { client: elsewhere } = await service.logIn()
    const { client: third } = await service.logIn()
    const id = await currentSession(elsewhere)
    expect(await client.endSession({ session_id: id })).toEqual({ message: 'Session ended' })
    await expectEnded(elsewhere)
    expect(await third.readAccount()).toHaveProperty('username')
    expect(await rejection(client.endSession({ session_id: id }))).toMatchObject({
      code: 'unknown-session',
      status: 404,
      detail: 'The account has no session with this id',
    })
  })

  test("may be that of the client's own, which the next call finds out", async () => {
    const { client } = await service.logIn()
    await client.endSession({ session_id: await currentSession(client) })
    await expectEnded(client)
  })

  test('is asked for again where the access token has expired', async () => {
    const { client, sent } = await service.logIn()
    const { client: elsewhere } = await service.logIn()
    const id = await currentSession(elsewhere)
    service.expireAccessToken()
    expect(await client.endSession({ session_id: id })).toEqual({ message: 'Session ended' })
    expect(sent).toEqual([`DELETE /sessions/${id}`, 'POST /token', `DELETE /sessions/${id}`])
    await expectEnded(elsewhere)
  })

  test('may be that of all others', async () => {
    const { client } = await service.logIn()
    const { client: elsewhere } = await service.logIn()
    expect(await client.endOtherSessions()).toEqual({ message: 'Other sessions ended' })
    await expectEnded(elsewhere)
    service.expireAccessToken()
    expect((await client.listSessions()).sessions).toMatchObject([{ is_current: true }])
  })

  test.each([
    ['a/b', 'a%2Fb'],
    ['../account', '..%2Faccount'],
    ['%2e', '%252e'],
    ['...', '...'],
    ['x?y=1#z', 'x%3Fy%3D1%23z'],
    ['$& é π', '%24%26%20%C3%A9%20%CF%80'],
    ['\u{1f511}', '%F0%9F%94%91'],
  ])('takes an id as one part of the path, whatever it is: %j', async (id, part) => {
    const { client, sent } = await service.logIn()
    const error = await rejection(client.endSession({ session_id: id }))
    expect(error).toMatchObject({ code: 'invalid-parameter', status: 400 })
    expect(sent).toEqual([`DELETE /sessions/${part}`])
  })

  test.each(['', '.', '..', '\ud800', 'a\udc00'])(
    'is not asked for by an id that no path can carry: %j',
    async (id) => {
      const { client, sent } = await service.logIn()
      const { client: elsewhere } = await service.logIn()
      const error = await rejection(client.endSession({ session_id: id }))
      expect(error).toMatchObject({ name: 'SesameError', code: 'invalid-parameter', status: undefined })
      expect(error.detail).toBe('A path cannot contain this session_id')
      expect(sent).toEqual([])
      // Without its last part, the path is that of all other sessions.
      expect(await elsewhere.readAccount()).toHaveProperty('username')
    },
  )
})
