import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from '@jest/globals'
import { type Browser, type BrowserContext, type Page, type Request } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'

/** A page in a profile of its own, and what happened in it so far. */
export interface Visit {
  readonly page: Page
  /** What it asked for; data URLs aside. */
  readonly requests: readonly Request[]
  /** Errors in the console, uncaught exceptions, and what a content security policy refused. */
  readonly complaints: readonly string[]
}

interface VisitOptions {
  /** Requests for URLs of this pattern fail. */
  readonly missing?: string
  /** The browser's language, `en-US` by default. */
  readonly locale?: string
}

type OpenPage = (url: string, options?: VisitOptions) => Promise<Visit>

/** One Chromium for the tests of a file; what a test has opened is closed after it. */
export const useBrowser = (): { readonly visit: OpenPage } => {
  let browser: Browser
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
  })
  afterAll(() => browser.close())

  return {
    visit: async (url, { missing, locale = 'en-US' } = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale })
      contexts.push(context)
      // Less than the time of a test, so that it fails with what was waited for.
      context.setDefaultTimeout(10_000)
      if (missing) await context.route(missing, (route) => route.abort())
      const page = await context.newPage()
      const visit = { page, ...(await record(context)) }
      await page.goto(url)
      return visit
    },
  }
}

const record = async (context: BrowserContext): Promise<Pick<Visit, 'requests' | 'complaints'>> => {
  const requests: Request[] = []
  const complaints: string[] = []
  context.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request)
  })
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (thrown) => complaints.push(String(thrown.error())))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      console.error(`${effectiveDirective} refused ${blockedURI}`),
    )
  })
  return { requests, complaints }
}

/** What a page asked of other origins than its own. */
export const requestsElsewhere = ({ page, requests }: Visit): readonly string[] => {
  const own = new URL(page.url()).origin
  return requests.map((request) => request.url()).filter((url) => new URL(url).origin !== own)
}

/** Keeps a picture of the whole page in the folder that SESAME_SCREENSHOTS names, if it does. */
export const takePicture = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.SESAME_SCREENSHOTS
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
