// What the type test of a generated client is made of. It is copied beside each one.
import type { operations } from './contract'

declare const anything: unique symbol

/** A type as it is written out: names resolved, and an enum's members as the strings they are. What is any or unknown
 * is the same only as what the contract leaves open. */
export type Plain<T> = unknown extends T
  ? typeof anything
  : T extends string
    ? `${T}`
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T

/** Whether two types are one and the same, not only assignable to each other. */
export type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false

/** The body that an operation takes. */
export type Request<Id extends keyof operations> = operations[Id] extends { requestBody: { content: infer Content } }
  ? Content[keyof Content]
  : never

/** The parameters that an operation takes in a place. */
export type Parameter<Id extends keyof operations, Place extends 'path' | 'query'> = NonNullable<
  operations[Id]['parameters'][Place]
>

/** The bodies of an operation's answers of these statuses. */
export type Answer<Id extends keyof operations, Status> = Status extends keyof operations[Id]['responses']
  ? operations[Id]['responses'][Status] extends { content: infer Content }
    ? Content[keyof Content]
    : never
  : never

/** An operation in whichever group of the client it is. */
export type Grouped<Api, Id extends string> = {
  [Group in keyof Api]: Api[Group] extends Record<Id, infer Operation> ? Operation : never
}[keyof Api]

/** Compiles only where the two are the same. */
export declare const expectSame: <A, B>(isSame: Same<A, B>) => void
