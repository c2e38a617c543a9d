import { expect, test } from '@jest/globals'
import { sesameHere } from '../support/sesame.ts'

test.each<[readonly string[]]>([[[]], [['down']], [['up', 'now']]])('refuses the words %j', async (words) => {
  const { status, stdout } = await sesameHere('', ['migrate', ...words])
  expect(stdout).toMatch(/^error: say migrate up or migrate status\.\n\nUsage: npm run sesame -- migrate/)
  expect(status).toBe(2)
})

test.each(['--help', '-h'])('explains itself: %s', async (word) => {
  const { status, stdout } = await sesameHere('', ['migrate', word])
  expect(stdout).toMatch(/^Usage: npm run sesame -- migrate up\|status\n/)
  expect(status).toBe(0)
})

test.each([
  ['mysql://localhost', 2, /^error: DATABASE_URL is not valid/],
  ['memory:', 2, /^error: DATABASE_URL names no database/],
  ['sqlite:./no-such.db', 2, /^error: DATABASE_URL names a file that does not exist/],
])('says that there is no schema to bring up to date: %s', async (url, expected, reason) => {
  const { status, stdout } = await sesameHere(url, ['migrate', 'status'])
  expect(stdout).toMatch(reason)
  expect(status).toBe(expected)
})
