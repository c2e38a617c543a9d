import { expect, test } from '@jest/globals'
import { sesameHere } from '../support/sesame.ts'

test.each<[readonly string[], RegExp]>([
  [[], /^error: migrate requires up\|status\n\nUsage: npm run sesame -- migrate up\|status\n/],
  [['down'], /^error: migrate takes up or status, not "down"\n$/],
  [['up', 'now'], /^error: unexpected argument "now"\n\nUsage: /],
])('refuses the words %j', async (words, reason) => {
  const { status, stderr } = await sesameHere('', ['migrate', ...words])
  expect(stderr).toMatch(reason)
  expect(status).toBe(2)
})

test.each([
  ['mysql://localhost', 2, /^error: DATABASE_URL is not valid/],
  ['memory:', 2, /^error: DATABASE_URL names no database/],
  ['sqlite:./no-such.db', 2, /^error: DATABASE_URL names a file that does not exist/],
])('says that there is no schema to bring up to date: %s', async (url, expected, reason) => {
  const { status, stderr } = await sesameHere(url, ['migrate', 'status'])
  expect(stderr).toMatch(reason)
  expect(status).toBe(expected)
})
