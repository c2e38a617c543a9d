export { type ClientOptions, createClient, type Login, type SesameClient } from './client.ts'
export { type InvalidPlace, SesameError, type SesameErrorCode } from './error.ts'
