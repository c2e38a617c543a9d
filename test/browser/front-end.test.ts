import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type RunningService, startService } from '../support/service.ts'
import { useBrowser, type Visit } from './browser.ts'
import { type PageServer, startPageServer } from './page-server.ts'

interface Read {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const { visit } = useBrowser()

let frontEnd: PageServer
beforeAll(async () => {
  frontEnd = await startPageServer()
})
afterAll(() => frontEnd.stop())

/** Fetches from within a page, and returns what the page can read of the answer.
 * @throws when the browser refuses to send the request or keeps the answer from the page */
const read = (
  page: Page,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
) =>
  page.evaluate(
    async ([url, init]): Promise<Read> => {
      const response = await fetch(url, init)
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() }
    },
    [url, init] as const,
  )

const signUp = (page: Page, service: string, username: string, password: string): Promise<Read> =>
  read(page, `${service}/signup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })

const logIn = (page: Page, service: string, form: 'FormData' | 'URLSearchParams', fields: Record<string, string>) =>
  page.evaluate(
    async ([url, form, fields]) => {
      const body = form === 'FormData' ? new FormData() : new URLSearchParams()
      for (const [name, value] of Object.entries(fields)) body.append(name, value)
      const response = await fetch(url, { method: 'POST', body })
      return { status: response.status, body: await response.json() }
    },
    [`${service}/token`, form, fields] as const,
  )

describe('a front end on another port of localhost', () => {
  let service: RunningService
  let origin: string
  let page: Page

  beforeAll(async () => {
    service = await startService({ environment: { HOST: 'localhost' } })
    origin = `http://localhost:${service.port}`
  })
  afterAll(() => service.stop())
  beforeEach(async () => {
    page = (await visit(`http://localhost:${frontEnd.port}/`)).page
  })

  test('signs up with JSON', async () => {
    const answer = await signUp(page, origin, 'ali', 'open sesame')
    expect(answer).toMatchObject({ status: 200, body: { message: 'User created successfully' } })
  })

  test('reads why a sign-up is refused', async () => {
    await signUp(page, origin, 'morgiana', 'open sesame')
    const answer = await signUp(page, origin, 'morgiana', 'open sesame')
    expect(answer).toMatchObject({ status: 400, body: { detail: 'Username already exists' } })
  })

  test.each(['FormData', 'URLSearchParams'] as const)('logs in with %s', async (form) => {
    const username = `cassim-${form}`
    await signUp(page, origin, username, 'open sesame')
    const answer = await logIn(page, origin, form, { username, password: 'open sesame' })
    expect(answer).toMatchObject({ status: 200, body: { access_token: expect.any(String), token_type: 'bearer' } })
  })

  test.each(['FormData', 'URLSearchParams'] as const)('reads why a log-in with %s is refused', async (form) => {
    const answer = await logIn(page, origin, form, { username: 'nobody', password: 'open wheat' })
    expect(answer).toMatchObject({ status: 401, body: { detail: 'Incorrect username or password' } })
  })

  test("reads the protected route with the chapter's own lines, their trailing slash included", async () => {
    await signUp(page, origin, 'licat', 'open sesame')
    const { body } = await logIn(page, origin, 'FormData', { username: 'licat', password: 'open sesame' })
    const logged = page.waitForEvent('console', (message) => message.text().startsWith('Success:'))
    const lines = `
      fetch('http://localhost:8000/protected/', {
        method: 'GET',
        headers: { 'Authorization': 'Bearer ' + token }
      })
        .then(response => response.json())
        .then(data => { console.log('Success:', data); })`
    await page.evaluate(`{ const token = '${body.access_token}';${lines.replace('8000', String(service.port))} }`)
    const [, data] = (await logged).args()
    expect(await data?.jsonValue()).toEqual({ message: 'Hello licat! This is a protected route' })
  })

  test.each([
    { name: 'no token', headers: {}, challenge: 'Bearer' },
    { name: 'a forged token', headers: { Authorization: 'Bearer a.b.c' }, challenge: 'Bearer error="invalid_token"' },
  ])('reads the headers WWW-Authenticate and X-Request-Id of the 401 for $name', async ({ headers, challenge }) => {
    const answer = await read(page, `${origin}/protected`, { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(challenge)
    expect(service.lines.map(({ id }) => id)).toContain(answer.headers['x-request-id'])
  })

  test('may send X-Requested-With, as libraries do', async () => {
    const headers = { 'X-Requested-With': 'XMLHttpRequest' }
    const answer = await read(page, `${origin}/health/live`, { headers })
    expect(answer).toMatchObject({ status: 200, body: { status: 'live' } })
  })
})

// `own` stands for the origin of the page itself. Names that end in .example lead to this machine.
describe('the answer to a page of another origin', () => {
  let service: RunningService

  const open = async (host: string, setting: string | undefined): Promise<Visit> => {
    const origin = `http://${host}:${frontEnd.port}`
    service = await startService({
      environment: setting === undefined ? {} : { CORS_ORIGINS: setting.replace('own', origin) },
    })
    return visit(origin)
  }
  afterEach(() => service.stop())

  test.each([
    { host: 'localhost', setting: undefined },
    { host: '127.0.0.1', setting: undefined },
    { host: 'app.example', setting: 'own' },
    { host: 'app.example', setting: 'https://other.example, own' },
    { host: 'app.example', setting: '*' },
  ])('can be read on $host, with CORS_ORIGINS $setting', async ({ host, setting }) => {
    const { page, complaints } = await open(host, setting)
    expect(await signUp(page, service.url, 'licat', 'open sesame')).toMatchObject({ status: 200 })
    expect(await read(page, `${service.url}/health/live`)).toMatchObject({ status: 200 })
    expect(complaints).toEqual([])
  })

  test.each([
    { host: 'localhost', setting: 'https://app.example.com' },
    { host: 'app.example', setting: undefined },
    { host: 'localhost.app.example', setting: undefined },
    { host: 'app.localhost', setting: undefined },
    { host: 'app.example', setting: 'https://app.example.com' },
    { host: 'www.app.example', setting: 'http://app.example' },
  ])('is kept from a page on $host, with CORS_ORIGINS $setting', async ({ host, setting }) => {
    const { page } = await open(host, setting)
    const explained = page.waitForEvent('console', (message) => message.text().includes('blocked by CORS policy'))
    await expect(read(page, `${service.url}/health/live`)).rejects.toThrow('Failed to fetch')
    await explained
    // The service did answer; it is the browser that keeps the answer.
    expect(service.lines).toEqual([expect.objectContaining({ route: '/health/live', status: 200 })])
  })

  test('is not even asked for a sign-up by a page that is not allowed', async () => {
    const { page } = await open('app.example', undefined)
    await expect(signUp(page, service.url, 'licat', 'open sesame')).rejects.toThrow('Failed to fetch')
    expect(service.lines.map(({ method }) => method)).toEqual(['OPTIONS'])
  })
})
