import createFetchClient from 'openapi-fetch'
import type { paths } from '../contract/generated.ts'
import { findFailure, networkFailure } from './responses.ts'
import { SesameError } from './error.ts'
import type { SendRequest } from './send-request.ts'

/** Creates typed calls of the contract's paths. A call throws a SesameError unless the response is a success.
 * @param fetch sends the requests instead of the global `fetch` */
export const createApi = (baseUrl: string, fetch: SendRequest | undefined) => {
  const api = createFetchClient<paths>({
    baseUrl,
    // The contract has no redirects. Following one could send a password to another server.
    redirect: 'manual',
    pathSerializer: fillPath,
    querySerializer: encodeForm,
    ...(fetch && { fetch }),
  })
  api.use({
    onResponse: async ({ request, response }) => {
      const failure = await findFailure(request, response)
      if (failure) throw failure
    },
    onError: ({ request, error }) => networkFailure(request, error),
  })
  return api
}

/** Fills in the parameters of a path.
 * @throws SesameError 'invalid-parameter' if a path cannot contain the value. An empty value, `.` or `..` would change
 * the path, for example to that of all sessions */
const fillPath = (path: string, values: Readonly<Record<string, unknown>>): string =>
  path.replace(/\{(\w+)\}/g, (_template, name: string) => {
    const value = String(values[name])
    if (/^\.{0,2}$|\p{Surrogate}/u.test(value)) {
      throw new SesameError('invalid-parameter', { detail: `A path cannot contain this ${name}` })
    }
    return encodeURIComponent(value)
  })

/** Removes undefined members, which would be sent as the text "undefined". */
export const withoutUndefined = <T extends object>(values: { readonly [Name in keyof T]: T[Name] | undefined }): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

/** Also encodes ill-formed strings. The service refuses them. */
const encodeForm = (values: Readonly<Record<string, unknown>>): string =>
  String(new URLSearchParams(withoutUndefined(values) as Readonly<Record<string, string>>))

export const form = {
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  bodySerializer: encodeForm,
}
