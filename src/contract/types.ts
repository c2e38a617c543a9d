import type { Audit } from '../audit.ts'
import type { Caller } from '../caller.ts'
import type { CommonHeader, components, operations, SecuredOperationId } from './generated.ts'

export type { CommonHeader }

export type OperationId = keyof operations
export type ErrorCode = components['schemas']['ErrorCode']
export type Problem = components['schemas']['Problem']
export type InvalidBodyProblem = components['schemas']['InvalidBodyProblem']
export type OAuthError = components['schemas']['OAuthError']

type Operation<Id extends OperationId> = operations[Id]
type Content<Message> = Message extends { content: infer Media } ? Media[keyof Media] : undefined
type Responses<Id extends OperationId> = Operation<Id>['responses']
type Status<Id extends OperationId> = keyof Responses<Id> & number

/** The validated input of an operation's handler, typed by the contract. */
export interface Input<Id extends OperationId> {
  readonly body: Content<NonNullable<Operation<Id>['requestBody']>>
  readonly params: NonNullable<Operation<Id>['parameters']['path']>
  readonly query: NonNullable<Operation<Id>['parameters']['query']>
  /** Defined when the operation's `security` requires a token. */
  readonly caller: Id extends SecuredOperationId ? Caller : undefined
  readonly audit: Audit
}

export type HeaderValue<Name extends keyof components['headers']> = components['headers'][Name]

/** The headers that only this response has, without the index signature that the generator adds. */
type OwnHeaders<Headers> = {
  readonly [Name in keyof Headers as string extends Name ? never : Exclude<Name, CommonHeader>]: Headers[Name]
}

type ReplyOf<S, Response> = { readonly status: S; readonly body: Content<Response> } & (Response extends {
  headers: infer Headers
}
  ? keyof OwnHeaders<Headers> extends never
    ? { readonly headers?: undefined }
    : { readonly headers: OwnHeaders<Headers> }
  : { readonly headers?: undefined })

/** What an operation's handler may return: a declared status with its body and its own headers. */
export type Reply<Id extends OperationId> = {
  [S in Status<Id>]: ReplyOf<S, Responses<Id>[S]>
}[Status<Id>]

export type Handler<Id extends OperationId> = (input: Input<Id>) => Promise<Reply<Id>>

/** One handler for each operation. A missing or an extra handler does not compile. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> }
