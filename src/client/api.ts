import createFetchClient from 'openapi-fetch'
import type { paths } from '../contract/generated.ts'
import { findFailure, networkFailure } from './answers.ts'
import { SesameError } from './error.ts'
import type { SendRequest } from './send-request.ts'

/** Calls by the contract's paths, which return successes in the contract's form only.
 * @param fetch sends the requests instead of the global `fetch` */
export const createApi = (baseUrl: string, fetch: SendRequest | undefined) => {
  const api = createFetchClient<paths>({
    baseUrl,
    // The contract has no redirects; one that was followed could carry a password elsewhere.
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

/** Fills the parameters of a path in.
 * @throws SesameError 'invalid-parameter' for what no path can carry. Empty or of dots, it would name another path: all
 * sessions instead of one */
const fillPath = (path: string, values: Readonly<Record<string, unknown>>): string =>
  path.replace(/\{(\w+)\}/g, (_template, name: string) => {
    const value = String(values[name])
    if (/^\.{0,2}$|\p{Surrogate}/u.test(value)) {
      throw new SesameError('invalid-parameter', { detail: `${name} has no place in a path` })
    }
    return encodeURIComponent(value)
  })

/** What a caller has left undefined is not to be spelt out. */
export const withoutUndefined = <T extends object>(values: { readonly [Name in keyof T]: T[Name] | undefined }): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

/** Takes ill-formed strings, too, which the service refuses. */
const encodeForm = (values: Readonly<Record<string, unknown>>): string =>
  String(new URLSearchParams(withoutUndefined(values) as Readonly<Record<string, string>>))

export const form = {
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  bodySerializer: encodeForm,
}
