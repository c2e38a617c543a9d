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

/** What the handler of an operation is given: validated, and typed by the contract. */
export interface Input<Id extends OperationId> {
  readonly body: Content<NonNullable<Operation<Id>['requestBody']>>
  readonly params: NonNullable<Operation<Id>['parameters']['path']>
  readonly query: NonNullable<Operation<Id>['parameters']['query']>
  /** Present where the operation's `security` asks for a token. */
  readonly caller: Id extends SecuredOperationId ? Caller : undefined
  readonly audit: Audit
}

export type HeaderValue<Name extends keyof components['headers']> = components['headers'][Name]

/** The headers of a response that are its own; without the index signature that the generator adds. */
type OwnHeaders<Headers> = {
  readonly [Name in keyof Headers as string extends Name ? never : Exclude<Name, CommonHeader>]: Headers[Name]
}

type Answer<S, Response> = { readonly status: S; readonly body: Content<Response> } & (Response extends {
  headers: infer Headers
}
  ? keyof OwnHeaders<Headers> extends never
    ? { readonly headers?: undefined }
    : { readonly headers: OwnHeaders<Headers> }
  : { readonly headers?: undefined })

/** What the handler of an operation may answer: a declared status with its body and its own headers. */
export type Reply<Id extends OperationId> = {
  [S in Status<Id>]: Answer<S, Responses<Id>[S]>
}[Status<Id>]

export type Handler<Id extends OperationId> = (input: Input<Id>) => Promise<Reply<Id>>

/** A handler for each operation: one missing or one too many does not compile. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> }
