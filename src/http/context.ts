import type { Middleware as KoaMiddleware, ParameterizedContext } from 'koa'
import type { Caller } from '../caller.ts'
import type { Operation } from '../contract/operations.ts'
import type { HeaderList } from './headers.ts'

export type Context = ParameterizedContext<RequestState>
export type Middleware = KoaMiddleware<RequestState>

/** What is known about a request while it is handled. */
export interface RequestState {
  requestId: string
  /** The client's IP address. We record it first, because a closed connection has none. */
  address: string
  /** The path as the contract writes it, or the path of the page. For the log. */
  route?: string
  operation?: ServedOperation
  /** Set once the access token is verified. */
  caller?: Caller
  /** Undefined when Koa itself responds, as it does for pages and preflights. */
  response?: Response
  isPage?: boolean
}

/** An operation of the contract, prepared for serving. */
export interface ServedOperation extends Operation {
  /** Undefined when the operation takes no body. */
  readonly readBody: ReadBody | undefined
  readonly errorForm: ErrorForm
}

/** Reads the body of a request: any JSON value, or the fields of a form.
 * @throws Failure 'unsupported-media-type', 'body-too-large', 'malformed-body' or 'invalid-body' */
export type ReadBody = (ctx: Context) => Promise<unknown>

/** The two forms in which an operation declares its errors. */
export type ErrorForm = 'problem' | 'oauth'

/** A response as a value, without the headers that every response has. */
export interface Response {
  readonly status: number
  readonly headers: HeaderList
  /** Undefined for a response without content. */
  readonly content: { readonly mediaType: string; readonly text: string } | undefined
}
