import { beforeAll, describe, expect, test } from '@jest/globals'
import { startFront } from '../support/faulty-front.ts'
import { startMock } from '../support/mock-service.ts'
import { startService } from '../support/service.ts'
import { copyOf, document, only, rulesOf, run } from '../support/verification.ts'

let url: string
beforeAll(async () => {
  url = await startMock()
})

const basics = only(document, '/signup', '/token', '/account')

describe('accounts stay, and the report says why,', () => {
  test('where the server refuses to delete them, or never had a name for them', async () => {
    const front = await startFront(url, (passing) => {
      if (passing.request.method === 'DELETE' && passing.status === 200) passing.status = 500
      if (passing.request.url === '/signup' && passing.body.includes('malformed')) passing.status = 200
    })
    const { accounts } = await run(front, { document: basics })
    expect(accounts.deleted).toBe(0)
    expect(accounts.staying.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['the required deleteAccount failed: 500', 'the sign-up had no name or no password']),
    )
    expect(accounts.staying.flatMap(({ names }) => names)).toHaveLength(accounts.signedUp)
    expect(accounts.staying.flatMap(({ names }) => names)).toContain(String.raw`"{}{}"`)
  })

  test('where the contract has no operation for it', async () => {
    const lasting = copyOf(basics)
    delete lasting.paths['/account'].delete
    const lenient = await startService()
    const { accounts } = await run(lenient.url, { document: lasting })
    const [staying] = accounts.staying
    expect(staying?.reason).toBe('the contract has no operation deleteAccount')
    expect(staying?.names).toHaveLength(accounts.signedUp)
    expect(staying?.names.every((name) => name.startsWith(accounts.prefix))).toBe(true)
  })

  test('where the server has stopped answering', async () => {
    const mortal = await startService()
    const { accounts, results } = await run(mortal.url, {
      document: basics,
      onProgress: (done) => done === 100 && void mortal.stop(),
    })
    expect(rulesOf(results)).toContain('skipped, because 5 requests in a row had no response')
    expect(accounts.staying).toEqual([{ reason: 'the server no longer responds', names: expect.any(Array) }])
    expect(accounts.staying[0]?.names).toHaveLength(accounts.signedUp)
  })
})

test('what a check cannot be made without is named', async () => {
  const front = await startFront(url, (passing) => {
    if (passing.request.url?.startsWith('/sessions')) passing.body = '{"sessions":[]}'
    if (passing.request.url === '/logout') passing.status = 500
  })
  const { results } = await run(front, {
    document: only(document, '/signup', '/token', '/protected', '/sessions', '/sessions/{session_id}', '/logout'),
  })
  expect(rulesOf(results)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^listSessions returned no session_id, which is required: 200/),
      expect.stringMatching(/^the required logout failed: 500/),
    ]),
  )
})
