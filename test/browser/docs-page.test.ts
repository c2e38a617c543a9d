import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import { declaredScopes, readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { type RunningService, startService } from '../support/service.ts'
import { requestsElsewhere, takePicture, useBrowser } from './browser.ts'
import { type PageServer, startPageServer } from './page-server.ts'

const username = 'licat'
const password = 'open sesame'
const declared = operationsOf(readContract())
const operations = declared.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
const operationIds = declared.map(({ id }) => id)

const { visit } = useBrowser()

const signUp = async (origin: string): Promise<void> => {
  const { status } = await fetch(`${origin}/signup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  expect(status).toBe(200)
}

/** The operations that the page shows, once it shows as many as the contract has. */
const shownOperations = async (page: Page): Promise<readonly string[]> => {
  const blocks = page.locator('.opblock')
  await blocks.nth(operations.length - 1).waitFor()
  return blocks.evaluateAll((elements) =>
    elements.map((element) => {
      const method = element.querySelector('.opblock-summary-method')?.textContent
      return `${method} ${element.querySelector('.opblock-summary-path')?.getAttribute('data-path')}`
    }),
  )
}

/** Opens the Authorize dialog, ticks scopes, and sends its log-in form. */
const authorize = async (page: Page, typedPassword: string, ticked: readonly string[] = []): Promise<Locator> => {
  await page.getByRole('button', { name: 'Authorize', exact: true }).click()
  const logIn = page.locator('.modal-ux .auth-container', { hasText: 'OAuth2, password' })
  await logIn.getByLabel('username:').fill(username)
  await logIn.getByLabel('password:').fill(typedPassword)
  for (const scope of ticked) await logIn.locator('.scopes label', { hasText: scope }).click()
  await logIn.locator('button', { hasText: 'Authorize' }).click()
  return logIn
}

/** Logs in from the dialog and closes it. */
const logInFrom = async (page: Page, ticked: readonly string[] = []): Promise<void> => {
  const logIn = await authorize(page, password, ticked)
  await logIn.getByText('Authorized', { exact: true }).waitFor()
  await logIn.getByRole('button', { name: 'Close' }).click()
}

/** Executes an operation with what its form is filled with, and the parameters. Try it out is on from the beginning.
 * @returns the answer as the page shows it */
const execute = async (
  page: Page,
  operationId: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<{ status: string; details: string }> => {
  const operation = page.locator(`.opblock[id$="-${operationId}"]`)
  await operation.locator('.opblock-summary-control').click()
  for (const [name, value] of Object.entries(parameters)) {
    await operation.locator(`tr[data-param-name="${name}"] input`).fill(value)
  }
  await operation.getByRole('button', { name: 'Execute' }).click()
  const answer = operation.locator('.live-responses-table .response')
  return {
    status: await answer.locator('.response-col_status').innerText(),
    details: await answer.locator('.response-col_description').innerText(),
  }
}

/** The declared responses of an operation, as the page shows them. */
const responsesOf = async (
  page: Page,
  operationId: string,
): Promise<readonly { readonly status: string; readonly text: string }[]> => {
  const operation = page.locator(`.opblock[id$="-${operationId}"]`)
  await operation.locator('.opblock-summary-control').click()
  const rows = operation.locator('.responses-table .response')
  await rows.first().waitFor()
  return rows.evaluateAll((elements) =>
    elements.map((element) => ({
      status: element.querySelector('.response-col_status')?.textContent ?? '',
      text: element.querySelector('.response-col_description')?.textContent ?? '',
    })),
  )
}

const isInView = async (locator: Locator, viewportHeight: number): Promise<boolean> => {
  const box = await locator.boundingBox()
  return box !== null && box.y >= 0 && box.y + box.height <= viewportHeight
}

/** The ids of the fields of a dialog that a reader sees, except the boxes of the scopes. */
const visibleInputs = (dialog: Locator): Promise<readonly string[]> =>
  dialog
    .locator('input:not([type=checkbox]), select')
    .evaluateAll((fields) => fields.filter((field) => field.checkVisibility()).map(({ id }) => id))

const logInElsewhere = async (origin: string, clientId: string): Promise<string> => {
  const body = new URLSearchParams({ username, password, client_id: clientId })
  const { access_token: token } = (await (await fetch(`${origin}/token`, { method: 'POST', body })).json()) as {
    access_token: string
  }
  return token
}

const isLoggedIn = async (origin: string, token: string): Promise<boolean> => {
  const { ok } = await fetch(`${origin}/protected`, { headers: { authorization: `Bearer ${token}` } })
  return ok
}

// HOST=localhost has ::1 only where the machine's hosts file says so; the addresses are asked for by themselves.
describe.each([
  { opened: 'localhost', host: 'localhost' },
  { opened: '127.0.0.1', host: '127.0.0.1' },
  { opened: '[::1]', host: '::1' },
])('the docs page, opened at http://$opened', ({ opened, host }) => {
  let service: RunningService
  let origin: string

  beforeAll(async () => {
    service = await startService({ environment: { HOST: host } })
    origin = `http://${opened}:${service.port}`
    await signUp(origin)
  })
  afterAll(() => service.stop())

  test('shows every operation, from its own origin alone and without a complaint of the browser', async () => {
    const docs = await visit(`${origin}/docs`)
    expect((await shownOperations(docs.page)).toSorted()).toEqual(operations.toSorted())
    await takePicture(docs.page, 'docs')
    expect(requestsElsewhere(docs)).toEqual([])
    expect(docs.complaints).toEqual([])
  })

  test('logs in from the Authorize dialog and calls the protected operation, all at its own origin', async () => {
    const docs = await visit(`${origin}/docs`)
    const logIn = await authorize(docs.page, password)
    await logIn.getByText('Authorized', { exact: true }).or(logIn.locator('.errors')).waitFor()
    expect(docs.complaints).toEqual([])
    expect(await logIn.locator('.errors').count()).toBe(0)
    await takePicture(docs.page, 'authorized')

    const request = docs.requests.find((sent) => sent.method() === 'POST')
    expect(request?.url()).toBe(`${origin}/token`)
    expect((await request?.response())?.status()).toBe(200)
    expect(Object.fromEntries(new URLSearchParams(request?.postData() ?? ''))).toMatchObject({
      grant_type: 'password',
      username,
      password,
    })

    await logIn.getByRole('button', { name: 'Close' }).click()

    const shown = await execute(docs.page, 'readProtected')
    await takePicture(docs.page, 'executed')
    expect(shown.status).toBe('200')
    expect(shown.details).toContain(`Hello ${username}! This is a protected route`)
    expect(docs.requests.map((sent) => sent.url())).toContain(`${origin}/protected`)
    expect(requestsElsewhere(docs)).toEqual([])
    expect(docs.complaints).toEqual([])
  })
})

describe('the docs page', () => {
  let service: RunningService
  let elsewhere: PageServer

  beforeAll(async () => {
    service = await startService()
    elsewhere = await startPageServer()
    await signUp(service.url)
  })
  afterAll(() => Promise.all([service.stop(), elsewhere.stop()]))

  test('is where / leads', async () => {
    const { page } = await visit(service.url)
    expect(page.url()).toBe(`${service.url}/docs`)
    expect(await page.title()).toBe('Sesame')
    expect(await shownOperations(page)).toHaveLength(operations.length)
  })

  test('says in the Authorize dialog that the name or the password is wrong, and logs in at the next attempt', async () => {
    const { page } = await visit(`${service.url}/docs`)
    const logIn = await authorize(page, 'close sesame')
    expect(await logIn.locator('.errors').innerText()).toContain('Incorrect username or password')
    expect(await logIn.getByText('Authorized', { exact: true }).count()).toBe(0)
    await takePicture(page, 'wrong-password')

    await logIn.getByLabel('password:').fill(password)
    await logIn.locator('button', { hasText: 'Authorize' }).click()
    await logIn.getByText('Authorized', { exact: true }).waitFor()
    expect(await logIn.locator('.errors').count()).toBe(0)
  })

  const allScopes = declaredScopes(readContract())

  test('lists the scopes in the Authorize dialog, none of them ticked, and gets all of them', async () => {
    const { page, requests } = await visit(`${service.url}/docs`)
    await page.getByRole('button', { name: 'Authorize', exact: true }).click()
    const boxes = page.locator('.modal-ux .scopes .checkbox')
    expect(await boxes.locator('.name').allInnerTexts()).toEqual(allScopes)
    expect(await boxes.locator('input:checked').count()).toBe(0)
    await boxes.last().scrollIntoViewIfNeeded()
    await takePicture(page, 'scopes')
    await page.locator('.modal-ux .close-modal').click()

    await logInFrom(page)
    const request = requests.find((sent) => sent.method() === 'POST')
    expect(new URLSearchParams(request?.postData() ?? '').get('scope') ?? '').toBe('')
    expect(await (await request?.response())?.json()).toMatchObject({ scope: allScopes.join(' ') })
  })

  test('gets the scopes that are ticked, and shows the 403 of an operation that asks for another', async () => {
    const { page } = await visit(`${service.url}/docs`)
    await logInFrom(page, ['account:read'])
    const account = await execute(page, 'readAccount')
    expect(account).toMatchObject({ status: '200', details: expect.stringContaining(`"username": "${username}"`) })
    const refused = await execute(page, 'listSessions')
    await takePicture(page, 'insufficient-scope')
    expect(refused.status).toMatch(/^403\b/)
    expect(refused.details).toContain('"code": "insufficient-scope"')
    expect(refused.details).toContain('scope="sessions:read"')
  })

  test('lists the sessions with what its form is filled with, and ends the one that is copied from there', async () => {
    const { page, complaints } = await visit(`${service.url}/docs`)
    const elsewhere = await logInElsewhere(service.url, 'phone')
    await logInFrom(page)
    const listed = await execute(page, 'listSessions')
    expect(listed.status).toBe('200')
    // The headers stand below the body.
    const body = listed.details.slice(listed.details.indexOf('{'), listed.details.lastIndexOf('}') + 1)
    const { sessions } = JSON.parse(body) as { sessions: { session_id: string; client_id: string }[] }
    const phone = sessions.find(({ client_id: clientId }) => clientId === 'phone')

    expect(await isLoggedIn(service.url, elsewhere)).toBe(true)
    const ended = await execute(page, 'endSession', { session_id: phone?.session_id ?? '' })
    await takePicture(page, 'session-ended')
    expect(ended).toMatchObject({ status: '200', details: expect.stringContaining('Session ended') })
    expect(await isLoggedIn(service.url, elsewhere)).toBe(false)
    expect(complaints).toEqual([])
  })

  test('shows the 401 of the protected operation to whoever has not logged in', async () => {
    const { page } = await visit(`${service.url}/docs`)
    const shown = await execute(page, 'readProtected')
    expect(shown.status).toMatch(/^401\b/)
    expect(shown.details).toContain('Not authenticated')
  })

  test('opens the Authorize dialog with the cursor in the username', async () => {
    const { page } = await visit(`${service.url}/docs`)
    await page.getByRole('button', { name: 'Authorize', exact: true }).click()
    await page.locator('.modal-ux').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('oauth_username')
  })

  test('executes every operation with what its form is filled with', async () => {
    const fresh = await startService()
    try {
      const { page } = await visit(`${fresh.url}/docs`)
      expect(await execute(page, 'signup')).toMatchObject({ status: '200' })
      const logIn = await authorize(page, '1234')
      await logIn.getByText('Authorized', { exact: true }).waitFor()
      await logIn.getByRole('button', { name: 'Close' }).click()
      // The account comes last but one. After that nobody is logged in.
      const late = ['deleteAccount', 'logout']
      const others = operationIds.filter((id) => id !== 'signup' && !late.includes(id))
      for (const id of [...others, ...late]) {
        const { status } = await execute(page, id)
        expect(`${id} ${Number.parseInt(status)}`).toBe(`${id} ${{ endSession: 404, logout: 401 }[id] ?? 200}`)
      }
    } finally {
      await fresh.stop()
    }
  })

  test('has only the username and the password in the Authorize dialog, and its button in view', async () => {
    const { page } = await visit(`${service.url}/docs`)
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(viewport)
      const opener = page.getByRole('button', { name: 'Authorize', exact: true })
      expect(await isInView(opener, viewport.height)).toBe(true)
      await opener.click()
      const dialog = page.locator('.modal-ux')
      expect(await dialog.locator('.auth-container').count()).toBe(1)
      expect(await visibleInputs(dialog)).toEqual(['oauth_username', 'oauth_password'])
      expect(await isInView(dialog.locator('button', { hasText: 'Authorize' }), viewport.height)).toBe(true)
      await dialog.locator('.close-modal').click()
    }
  })

  test('shows the first operations in order near the top, without the headers that every response has', async () => {
    const { page } = await visit(`${service.url}/docs?lang=en`)
    expect((await shownOperations(page)).slice(0, 3)).toEqual(['POST /signup', 'POST /token', 'GET /protected'])
    expect((await page.locator('.opblock').first().boundingBox())?.y).toBeLessThan(350)
    expect(await page.locator('.info').innerText()).toContain('X-Request-Id')
    const rows = await responsesOf(page, 'readProtected')
    expect(rows.map(({ status }) => status)).toEqual(['200', '400', '401', '500, 503'])
    expect(rows.map(({ text }) => text).join()).not.toMatch(/X-Request-Id|Cache-Control|Referrer-Policy/)
    expect(rows.find(({ status }) => status === '401')?.text).toContain('WWW-Authenticate')
    expect(rows.find(({ status }) => status === '500, 503')?.text).toContain('Retry-After')
    expect((await responsesOf(page, 'signup')).map(({ status }) => status).at(-1)).toBe('413, 415, 500, 503')
  })

  // FastAPI's page for the same three operations is 1049, 1364 and 538 px high at a width of 1280 px, and 1154, 1493 and 588 px
  // at 390 px. A height here is at most 1.5 times that.
  test.each([
    { width: 1280, limits: { signup: 1573, issueToken: 2046, readProtected: 807 } },
    { width: 390, limits: { signup: 1731, issueToken: 2239, readProtected: 882 } },
  ])('is short and has no horizontal scroll bar at a width of $width px', async ({ width, limits }) => {
    const { page } = await visit(`${service.url}/docs?lang=en`)
    await page.setViewportSize({ width, height: 844 })
    for (const [operationId, limit] of Object.entries(limits)) {
      const operation = page.locator(`.opblock[id$="-${operationId}"]`)
      await operation.locator('.opblock-summary-control').click()
      await operation.locator('.responses-table').waitFor()
      expect((await operation.boundingBox())?.height).toBeLessThanOrEqual(limit)
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await takePicture(page, `docs-${width}`)
  })

  test('has copy buttons of 32 px, and no box for empty values', async () => {
    const { page } = await visit(`${service.url}/docs`)
    await execute(page, 'issueToken', {})
    const operation = page.locator('.opblock[id$="-issueToken"]')
    expect(await operation.getByText('Send empty value').count()).toBe(0)
    for (const place of ['.curl-command', '.live-responses-table']) {
      const box = await operation.locator(`${place} .copy-to-clipboard button`).boundingBox()
      expect(box).toMatchObject({ width: 32, height: 32 })
    }
  })

  test.each([
    { colorScheme: 'light', background: 'rgb(250, 250, 250)' },
    { colorScheme: 'dark', background: 'rgb(28, 32, 34)' },
  ] as const)('follows the $colorScheme color scheme', async ({ colorScheme, background }) => {
    const { page } = await visit(`${service.url}/docs`)
    await page.emulateMedia({ colorScheme })
    const colorOf = (selector: string) =>
      page.locator(selector).evaluate((element) => getComputedStyle(element).backgroundColor)
    expect(await colorOf('html')).toBe(background)
    expect(await page.evaluate(() => document.documentElement.classList.contains('dark-mode'))).toBe(
      colorScheme === 'dark',
    )
  })

  test.each([
    { locale: 'ko-KR', query: '', language: 'ko', summary: '계정 만들기' },
    { locale: 'en-US', query: '?lang=ko', language: 'ko', summary: '계정 만들기' },
    { locale: 'ko-KR', query: '?lang=en', language: 'en', summary: 'Create an account' },
    { locale: 'de-DE', query: '', language: 'en', summary: 'Create an account' },
  ])('is in $language at /docs$query for a browser in $locale', async ({ locale, query, language, summary }) => {
    const { page, complaints } = await visit(`${service.url}/docs${query}`, { locale })
    await shownOperations(page)
    expect(await page.locator('.opblock-summary-description').first().innerText()).toBe(summary)
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    await takePicture(page, `docs-${language}`)
    expect(complaints).toEqual([])
  })

  // What an injected script could try; `elsewhere` is another origin, which would answer. The policy is the page's own,
  // whatever it loads; without Swagger UI it is there in no time.
  test.each([
    ['connect-src', 'ask another origin', 'fetch(elsewhere).catch(() => {})'],
    ['img-src', 'load a picture from another origin', 'new Image().src = elsewhere'],
    ['script-src-elem', 'load a script from another origin', "add('script', { src: elsewhere })"],
    ['script-src-elem', 'run a script that is written into it', "add('script', { text: 'document.title = 1' })"],
    // Some versions of Chromium look at a handler only when its event comes.
    [
      'script-src-attr',
      'run an event handler that is written into it',
      "const p = add('p'); p.setAttribute('onclick', '1'); p.click()",
    ],
    ['frame-src', 'frame another origin', "add('iframe', { src: elsewhere })"],
    ['base-uri', 'move its links elsewhere', "add('base', { href: elsewhere })"],
    ['form-action', 'send a form elsewhere', "add('form', { action: elsewhere, method: 'post' }).submit()"],
  ])('may not, by %s, %s', async (directive, _what, attempt) => {
    const { page } = await visit(`${service.url}/docs`, { missing: '**/swagger-ui-bundle.js' })
    const refused = await page.evaluate(`new Promise((resolve) => {
      const elsewhere = 'http://127.0.0.1:${elsewhere.port}/'
      const add = (tag, members) => document.body.appendChild(Object.assign(document.createElement(tag), members))
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective))
      setTimeout(() => resolve('nothing was refused'), 3_000)
      ${attempt}
    })`)
    expect(refused).toBe(directive)
  })

  test('may not be framed by another page', async () => {
    const { page } = await visit(`http://localhost:${elsewhere.port}/`)
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'))
    await page.evaluate((src) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src }))
    }, `${service.url}/docs`)
    await refused
    expect(page.frames().map((frame) => frame.url())).not.toContain(`${service.url}/docs`)
  })
})
