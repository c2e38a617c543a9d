import { expect, test } from '@jest/globals'
import { startService } from '../support/service.ts'
import { failuresOf, run } from '../support/verification.ts'

test('a service on a database passes every check', async () => {
  const service = await startService()
  const { results, accounts } = await run(service.url)
  expect(failuresOf(results)).toEqual([])
  expect(results.length).toBeGreaterThanOrEqual(700)
  expect(accounts).toMatchObject({ staying: [] })
})
