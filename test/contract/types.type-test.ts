// Compiled by `npm run check`, never run: each line below an `@ts-expect-error` has to be refused by the compiler.
import type { Handlers, Input, Reply } from '../../src/contract/types.ts'

const handlers = {} as Handlers
const message = { message: 'User created successfully' }

// @ts-expect-error a handler is missing
export const missing: Handlers = { signup: handlers.signup, issueToken: handlers.issueToken }

// @ts-expect-error no operation has this id
export const unknown: Handlers = { ...handlers, logIn: handlers.issueToken }

export const right: Reply<'signup'> = { status: 200, body: message }

// @ts-expect-error the status is not declared
export const status: Reply<'signup'> = { status: 201, body: message }

// @ts-expect-error the member is not declared
export const member: Reply<'signup'> = { status: 200, body: { ...message, passwordHash: 'x' } }

// @ts-expect-error a member is missing
export const absent: Reply<'readProtected'> = { status: 200, body: {} }

// @ts-expect-error the header is not declared
export const header: Reply<'signup'> = { status: 200, body: message, headers: { 'X-More': 'x' } }

type Busy = Extract<Reply<'issueToken'>, { status: 503 }>

export const retryAfter: Busy['headers'] = { 'Retry-After': 2 }

// @ts-expect-error a declared header of the wrong type
export const wrongHeader: Busy['headers'] = { 'Retry-After': 'soon' }

// @ts-expect-error a declared header is missing
export const noHeader: Busy['headers'] = {}

// @ts-expect-error the error code is not in the contract
export const code: Extract<Reply<'signup'>, { status: 400 }>['body']['code'] = 'no-such-code'

export const caller = (input: Input<'readProtected'>): string => input.caller.username

// @ts-expect-error an operation without security has no caller
export const nobody = (input: Input<'signup'>): string => input.caller.username
