import { availableParallelism } from 'node:os'
import { createAccounts } from './accounts/accounts.ts'
import { createPasswords, type HashCost } from './accounts/passwords.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { createConformance } from './contract/conformance.ts'
import { type ContractDocument, declaredScopes } from './contract/document.ts'
import { applyOverlay, readOverlay } from './contract/overlay.ts'
import { createRoutes } from './contract/routes.ts'
import { deployedContract, servedContract } from './contract/served.ts'
import { refuseUnsupported } from './contract/unsupported.ts'
import { Failure } from './failure.ts'
import { createApp } from './http/app.ts'
import { createDispatch } from './http/dispatch.ts'
import { securityHeaders } from './http/headers.ts'
import { createPages } from './http/pages.ts'
import { createRequestHandler } from './http/request-handler.ts'
import { servedOperations } from './http/served-operations.ts'
import type { RequestHandler } from './http/server.ts'
import type { Log } from './log.ts'
import { createHandlers } from './operations/index.ts'
import type { Readiness } from './operations/services.ts'
import { createAccessTokens } from './sessions/access-tokens.ts'
import { createRefreshTokens } from './sessions/refresh-tokens.ts'
import { createSessions } from './sessions/sessions.ts'
import { withVerifiedTokens } from './sessions/verified-tokens.ts'
import type { Stores } from './stores/stores.ts'

export interface Service {
  readonly handler: RequestHandler
  /** From now on, readiness checks fail and every response closes its connection. */
  readonly startDraining: () => void
}

export interface ServiceParts {
  readonly config: Config
  readonly document: ContractDocument
  readonly stores: Stores
  readonly clock: Clock
  readonly log: Log
  /** The port of the default issuer, which applies when ISSUER is unset. */
  readonly port: number
  /** The cost of a password hash. The default is what OWASP recommends. */
  readonly hashCost?: HashCost | undefined
}

/** Assembles a service.
 * @throws Error when the contract declares something that the service does not enforce */
export const createService = async ({
  config,
  document,
  stores,
  clock,
  log,
  port,
  hashCost,
}: ServiceParts): Promise<Service> => {
  refuseUnsupported(document)
  const issuer = config.issuer ?? `http://localhost:${port}`
  let isDraining = false

  const keys = [config.secretKey, ...(config.previousSecretKey ? [config.previousSecretKey] : [])]
  const accessToken = {
    algorithm: config.algorithm,
    audience: config.audience ?? issuer,
    lifetimeSeconds: config.accessTokenLifetimeSeconds,
  }
  const accessTokens = withVerifiedTokens(createAccessTokens({ keys, issuer, ...accessToken, clock }), clock)
  const passwords = createPasswords({
    minLength: config.passwordMinLength,
    concurrency: hashConcurrency(config),
    cost: hashCost,
  })
  const sessions = createSessions({
    store: stores.sessions,
    accessTokens,
    refreshTokens: createRefreshTokens(keys),
    scopes: declaredScopes(document),
    reuseIntervalSeconds: config.refreshTokenReuseIntervalSeconds,
    clock,
  })
  const handlers = createHandlers({
    accounts: createAccounts({ store: stores.accounts, passwords, clock }),
    sessions,
    readiness: createReadiness(stores, () => isDraining),
  })

  const headers = securityHeaders(issuer)
  const app = createApp({
    dispatch: await createDispatch({ document, handlers, authenticate: sessions.authenticate, clock, log }),
    routes: createRoutes(servedOperations(document)),
    pages: createPages({
      hasDocsPage: config.hasDocsPage,
      contract: (language) =>
        servedContract(
          deployedContract(
            language === 'en' ? document : applyOverlay(document, readOverlay(language)),
            { issuer, passwordMinLength: config.passwordMinLength, accessToken },
            language,
          ),
          issuer,
        ),
    }),
    headers,
    allowOrigin: config.allowOrigin,
    conformance: config.mode === 'production' ? undefined : createConformance(document),
    isDraining: () => isDraining,
    clock,
    log,
  })
  return {
    handler: createRequestHandler(app, { headers, clock, log }),
    startDraining: () => {
      isDraining = true
    },
  }
}

/** All workers of this machine together compute at most one hash per core, but each computes at least one. */
const hashConcurrency = ({ workers }: Config): number => Math.max(1, Math.floor(availableParallelism() / workers))

const createReadiness = (stores: Stores, isDraining: () => boolean): Readiness => ({
  assert: async () => {
    if (isDraining()) throw new Failure('not-ready', { retryAfterSeconds: 5 })
    await stores.ping().catch((cause: unknown) => {
      throw new Failure('not-ready', { retryAfterSeconds: 5, cause })
    })
  },
})
