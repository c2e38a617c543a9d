import { expect, test } from '@jest/globals'
import { sesameHere } from '../support/sesame.ts'
import { createTestPostgres } from '../support/stores.ts'

const doctor = async (environment: Readonly<Record<string, string>>): Promise<readonly [number | null, string]> => {
  const { status, stdout, stderr } = await sesameHere('', ['doctor'], '', { environment })
  return [status, `${stdout}${stderr}`.trimEnd()]
}
// The tests make databases of their own: this one has no tables.
const empty = { DATABASE_URL: process.env.TEST_POSTGRES_URL ?? '' }

test('the doctor tells the version, the clock, the connections, and that the schema is missing', async () => {
  const [status, said] = await doctor(empty)
  for (const line of [
    /^ok +server +PostgreSQL \d+/m,
    /^ok +role +writable$/m,
    /^ok +encoding +UTF8$/m,
    /^ok +clock +0\.\d s /m,
    /^ok +connections +\d+ of \d+ in use; enough for \d+ processes with 10 each/m,
    /^fail +schema +lacks .*migrate up/m,
  ])
    expect(said).toMatch(line)
  expect(status).toBe(1)
})

test('a server that takes no writes fails', async () => {
  const { url, remove } = await createTestPostgres()
  const [status, said] = await doctor({ DATABASE_URL: `${url}?options=-c%20default_transaction_read_only%3Don` })
  await remove()
  expect(said).toMatch(/^fail +role +read-only/m)
  expect(status).toBe(1)
})

test('more processes than there are connections for is a warning', async () => {
  const [, said] = await doctor({ ...empty, DATABASE_POOL_SIZE: '50', WORKERS: '20' })
  expect(said).toMatch(/^warn +connections .*enough for 5 processes /m)
})

test('as many processes as there are connections for is well', async () => {
  const [, said] = await doctor({ ...empty, DATABASE_POOL_SIZE: '50', WORKERS: '5' })
  expect(said).toMatch(/^ok +connections .*enough for 5 processes /m)
})

test('more connections for a process than there are is a warning', async () => {
  const [, said] = await doctor({ ...empty, DATABASE_POOL_SIZE: '1000' })
  expect(said).toMatch(/^warn +connections .*enough for 0 processes /m)
})

test('an encoding that lacks characters fails', async () => {
  const { url, remove } = await createTestPostgres("encoding 'SQL_ASCII' template template0")
  const [status, said] = await doctor({ DATABASE_URL: url })
  expect([status, said]).toEqual([
    1,
    expect.stringMatching(/^fail +encoding +SQL_ASCII cannot store all characters: use UTF8$/m),
  ])
  await remove()
})

test('a server that cannot be reached fails, and its password is not shown', async () => {
  const [status, said] = await doctor({ DATABASE_URL: 'postgres://licat:the-password@127.0.0.1:1/none' })
  expect([status, said]).toEqual([1, expect.stringContaining('error: DATABASE_URL cannot be used: ')])
  expect(said).not.toContain('the-password')
})
