import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { startService } from '../support/service.ts'
import { takePicture, useBrowser } from './browser.ts'
import { startPageServer } from './page-server.ts'

const { visit } = useBrowser()
const html = readFileSync('docs/examples/front-end/index.html', 'utf8')

test('the example front end has at most 60 lines', () => {
  expect(html.trimEnd().split('\n').length).toBeLessThanOrEqual(60)
})

test('the example front end signs up, logs in, calls what is protected, and refreshes an expired token', async () => {
  let now = systemClock.nowSeconds()
  const service = await startService({
    clock: { ...systemClock, nowSeconds: () => now },
    environment: { HOST: 'localhost' },
  })
  const pages = await startPageServer(html)
  const { page, requests } = await visit(`http://localhost:${pages.port}/?service=http://localhost:${service.port}`)
  const output = page.locator('output')
  const says = (text: string) => output.filter({ hasText: text }).waitFor()
  const requestsTo = (path: string): number => requests.filter((request) => request.url().endsWith(path)).length

  await page.click('#call')
  await says('Invalid token')
  await page.fill('[name=username]', 'licat')
  await page.fill('[name=password]', '1234')
  await page.click('[name=logIn]')
  await says('Incorrect username or password')
  await page.click('[name=signUp]')
  await says('User created successfully')
  await page.click('[name=logIn]')
  await says('Logged in')
  await page.click('#call')
  await says('Hello licat! This is a protected route')
  await takePicture(page, 'example-front-end')

  await page.click('[name=signUp]')
  await says('Username already exists')
  const tokenRequests = requestsTo('/token')
  now += 1800
  await page.click('#call')
  await says('Hello licat! This is a protected route')
  expect(requestsTo('/token')).toBe(tokenRequests + 1)

  await pages.stop()
  await service.stop()
})
