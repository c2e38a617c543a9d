// The helpers of type tests. The proof copies this file beside each generated client.
import type { operations } from './contract'

declare const anything: unique symbol

/** A type with all names resolved and with enum members as strings. `any` and `unknown` equal only each other. */
export type Plain<T> = unknown extends T
  ? typeof anything
  : T extends string
    ? `${T}`
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T

/** Whether two types are identical. Types that are only assignable to each other are not. */
export type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false

/** The body that an operation takes. */
export type Request<Id extends keyof operations> = operations[Id] extends { requestBody: { content: infer Content } }
  ? Content[keyof Content]
  : never

/** The parameters of an operation in the path or in the query. */
export type Parameter<Id extends keyof operations, Place extends 'path' | 'query'> = NonNullable<
  operations[Id]['parameters'][Place]
>

/** The bodies of the responses of an operation with these statuses. */
export type Answer<Id extends keyof operations, Status> = Status extends keyof operations[Id]['responses']
  ? operations[Id]['responses'][Status] extends { content: infer Content }
    ? Content[keyof Content]
    : never
  : never

/** The type of an operation, whichever group of the client it belongs to. */
export type Grouped<Api, Id extends string> = {
  [Group in keyof Api]: Api[Group] extends Record<Id, infer Operation> ? Operation : never
}[keyof Api]

/** Compiles only where both types are identical. */
export declare const expectSame: <A, B>(isSame: Same<A, B>) => void
