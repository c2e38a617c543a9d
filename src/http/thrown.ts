import type { Logger } from 'pino'
import { Failure } from '../failure.ts'
import { isObject } from '../json.ts'
import type { RequestState, Response } from './context.ts'
import { renderFailure } from './problems.ts'

/** Renders whatever the handling of a request has thrown, and logs the reason. */
export const renderThrown = (thrown: unknown, { requestId: id, operation }: RequestState, log: Logger): Response => {
  const failure = asFailure(thrown)
  const rendered = renderFailure(failure, operation?.errorForm ?? 'problem', id)
  if (rendered.status === 500) log.error({ id, operation: operation?.id, err: thrown }, 'failed')
  else if (failure.cause === undefined) log.debug({ id, why: failure.message }, failure.code)
  else log.warn({ id, err: failure.cause }, failure.code)
  return rendered
}

const asFailure = (thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown
  return new Failure(isUnreadableRequest(thrown) ? 'malformed-request' : 'internal-error')
}

/** Whether Koa has thrown it because the request's target is no URL. */
const isUnreadableRequest = (thrown: unknown): boolean => isObject(thrown) && thrown.code === 'ERR_INVALID_URL'
