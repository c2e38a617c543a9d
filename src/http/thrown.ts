import type { Logger } from 'pino'
import { Failure } from '../failure.ts'
import { isObject } from '../json.ts'
import type { RequestState, Response } from './context.ts'
import { renderFailure } from './problems.ts'

/** Renders any thrown value as a response, and logs the reason. */
export const renderThrown = (thrown: unknown, { requestId: id, operation }: RequestState, log: Logger): Response => {
  const failure = asFailure(thrown)
  const rendered = renderFailure(failure, operation?.errorForm ?? 'problem', id)
  if (rendered.status === 500) log.error({ id, operation: operation?.id, err: thrown }, 'request failed')
  else if (failure.cause === undefined) log.debug({ id, reason: failure.message }, failure.code)
  else log.warn({ id, err: failure.cause }, failure.code)
  return rendered
}

const asFailure = (thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown
  return new Failure(isInvalidTarget(thrown) ? 'malformed-request' : 'internal-error')
}

/** Whether Koa threw the error because the request's target is not a valid URL. */
const isInvalidTarget = (thrown: unknown): boolean => isObject(thrown) && thrown.code === 'ERR_INVALID_URL'
