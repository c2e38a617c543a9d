import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import Router from '@koa/router'
import { Failure } from '../failure.ts'
import type { Context, RequestState } from './context.ts'
import { docsHtml, docsScript } from './docs-page.ts'

/** The contract as this deployment serves it. */
export interface ServedContract {
  readonly yaml: string
  readonly json: string
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

/** Serves what the contract does not describe: the docs page, its parts, and the contract itself.
 * @param contract is called on the first request for each of its two formats */
export const createPages = (contract: () => ServedContract): Pages => {
  const pages: Readonly<Record<string, Page>> = {
    '/docs': { mediaType: 'text/html', content: async () => docsHtml },
    '/docs/docs.js': { mediaType: 'text/javascript', content: async () => docsScript },
    '/docs/swagger-ui-bundle.js': { mediaType: 'text/javascript', content: asset('swagger-ui-bundle.js') },
    '/docs/swagger-ui.css': { mediaType: 'text/css', content: asset('swagger-ui.css') },
    '/docs/favicon-32x32.png': { mediaType: 'image/png', content: asset('favicon-32x32.png') },
    '/openapi.yaml': { mediaType: 'application/yaml', content: async () => contract().yaml },
    '/openapi.json': { mediaType: 'application/json', content: async () => contract().json },
  }
  const router = new Router<RequestState>()
  router.get('/', (ctx: Context) => {
    setPageHeaders(ctx)
    ctx.redirect('/docs')
  })
  for (const [path, page] of Object.entries(pages)) router.get(path, servePage(page))
  const paths = new Set(['/', ...Object.keys(pages)])
  for (const path of paths) router.all(path, respondToOtherMethods)
  return {
    // The router ignores case and a trailing slash.
    mayServe: (path) =>
      paths.has(path.toLowerCase()) || (path.endsWith('/') && paths.has(path.slice(0, -1).toLowerCase())),
    serve: router.routes(),
  }
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
