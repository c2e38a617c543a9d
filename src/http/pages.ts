import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import Router from '@koa/router'
import type { Language } from '../contract/overlay.ts'
import type { ServedContract } from '../contract/served.ts'
import { Failure } from '../failure.ts'
import type { Context, RequestState } from './context.ts'
import { displayedDocument } from './docs-page/document.ts'
import { docsHtml } from './docs-page/page.ts'
import { docsScript } from './docs-page/script.ts'
import { docsStyle } from './docs-page/style.ts'
import { pageTexts } from './docs-page/texts.ts'

export interface PagesParts {
  /** The contract as this deployment serves it, with its texts in a language. */
  readonly contract: (language: Language) => ServedContract
  readonly hasDocsPage: boolean
}

export interface Pages {
  /** Returns false only for paths without a page. It saves them the router, which is slow. */
  readonly mayServe: (path: string) => boolean
  readonly serve: ReturnType<Router<RequestState>['routes']>
}

interface Page {
  readonly mediaType: string
  readonly content: () => Promise<Buffer | string>
}

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const asset = (name: string) => (): Promise<Buffer> => readFile(join(swaggerUi, name))

// All pages are read-only.
const allow = 'GET, HEAD, OPTIONS'

// Swagger UI sets style attributes and loads icons from data URLs.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves what the contract does not describe: the contract itself, and the docs page with its parts. */
export const createPages = ({ contract, hasDocsPage }: PagesParts): Pages => {
  const pages: Readonly<Record<string, Page>> = {
    '/openapi.yaml': { mediaType: 'application/yaml', content: async () => contract('en').yaml() },
    '/openapi.json': { mediaType: 'application/json', content: async () => contract('en').json() },
    ...(hasDocsPage ? docsPages(contract) : {}),
  }
  const router = new Router<RequestState>()
  if (hasDocsPage) router.get('/', redirectToDocs)
  for (const [path, page] of Object.entries(pages)) router.get(path, servePage(page))
  const paths = new Set([...(hasDocsPage ? ['/'] : []), ...Object.keys(pages)])
  for (const path of paths) router.all(path, respondToOtherMethods)
  return {
    // The router ignores case and a trailing slash.
    mayServe: (path) =>
      paths.has(path.toLowerCase()) || (path.endsWith('/') && paths.has(path.slice(0, -1).toLowerCase())),
    serve: router.routes(),
  }
}

const docsPages = (contract: PagesParts['contract']): Readonly<Record<string, Page>> => {
  const displayed = (language: Language) => async (): Promise<string> =>
    JSON.stringify(displayedDocument(contract(language).document, pageTexts[language]))
  return {
    '/docs': { mediaType: 'text/html', content: async () => docsHtml },
    '/docs/docs.js': { mediaType: 'text/javascript', content: async () => docsScript },
    '/docs/docs.css': { mediaType: 'text/css', content: async () => docsStyle },
    '/docs/en.json': { mediaType: 'application/json', content: displayed('en') },
    '/docs/ko.json': { mediaType: 'application/json', content: displayed('ko') },
    '/docs/swagger-ui-bundle.js': { mediaType: 'text/javascript', content: asset('swagger-ui-bundle.js') },
    '/docs/swagger-ui.css': { mediaType: 'text/css', content: asset('swagger-ui.css') },
    '/docs/favicon-32x32.png': { mediaType: 'image/png', content: asset('favicon-32x32.png') },
  }
}

const redirectToDocs = (ctx: Context): void => {
  setPageHeaders(ctx)
  ctx.redirect('/docs')
}

/** Responds to methods other than GET and HEAD. */
const respondToOtherMethods = (ctx: Context): void => {
  if (ctx.method !== 'OPTIONS') throw new Failure('method-not-allowed', { allow })
  ctx.status = 204
  ctx.set('Allow', allow)
}

/** Serves one page with an ETag, and responds 304 to clients that have it. The first request loads the page. */
const servePage = ({ mediaType, content }: Page) => {
  let loaded: Promise<{ body: Buffer; etag: string }> | undefined
  const load = async (): Promise<{ body: Buffer; etag: string }> => {
    const body = Buffer.from(await content())
    return { body, etag: createHash('sha256').update(body).digest('base64url').slice(0, 22) }
  }
  return async (ctx: Context): Promise<void> => {
    const { body, etag } = await (loaded ??= load()).catch((error: unknown) => {
      loaded = undefined
      throw error
    })
    setPageHeaders(ctx)
    ctx.status = 200
    ctx.etag = etag
    ctx.type = mediaType
    if (ctx.fresh) ctx.status = 304
    else ctx.body = body
  }
}

const setPageHeaders = (ctx: Context): void => {
  Object.assign(ctx.state, { isPage: true, route: ctx.path })
  ctx.set({
    // Browsers may store a page but must revalidate it, because the contract depends on the deployment's settings.
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': contentSecurityPolicy,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    Vary: 'Origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  })
}
