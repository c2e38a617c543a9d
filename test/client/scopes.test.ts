import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import type { OperationId } from '../../src/contract/types.ts'
import { account, calls, rejection } from '../support/client-calls.ts'
import { type ClientService, startClientService } from '../support/client-service.ts'

let service: ClientService
beforeEach(async () => {
  service = await startClientService()
})
afterEach(() => service.stop())

describe('a log-in without the scope of an operation', () => {
  const scopes = ['account:read', 'account:write', 'sessions:read', 'sessions:write']
  const scoped = operationsOf(readContract()).flatMap(({ id, scopes }) => {
    const [needed] = scopes.flat()
    return needed === undefined ? [] : [{ id: id as OperationId, needed }]
  })

  test.each(scoped)('is refused by $id, which asks for $needed, and lasts', async ({ id, needed }) => {
    const { client, sent } = await service.logIn({ scope: scopes.filter((scope) => scope !== needed).join(' ') })
    const error = await rejection(calls[id](client))
    expect(error).toMatchObject({ code: 'insufficient-scope', status: 403, requestId: expect.any(String) })
    expect(sent).toHaveLength(1)
    expect(client.isLoggedIn()).toBe(true)
    expect(await client.readProtected()).toHaveProperty('message')
  })

  test('has none after a refresh either, until the next log-in', async () => {
    const { client, sent } = await service.logIn({ scope: 'account:read' })
    service.expireAccessToken()
    expect((await rejection(client.listSessions())).code).toBe('insufficient-scope')
    expect(sent).toEqual(['GET /sessions', 'POST /token', 'GET /sessions'])
    await client.login(account)
    expect((await client.listSessions()).sessions).toHaveLength(2)
  })
})
