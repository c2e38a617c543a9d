import type { Handlers } from '../contract/types.ts'
import { issueToken } from './issue-token.ts'
import { logout } from './logout.ts'
import { readLiveness } from './read-liveness.ts'
import { readProtected } from './read-protected.ts'
import { readReadiness } from './read-readiness.ts'
import type { Services } from './services.ts'
import { revokeToken } from './revoke-token.ts'
import { signup } from './signup.ts'

/** The handler of each operation of the contract. */
export const createHandlers = (services: Services): Handlers => ({
  signup: signup(services),
  issueToken: issueToken(services),
  revokeToken: revokeToken(services),
  logout: logout(services),
  readProtected: readProtected(),
  readLiveness: readLiveness(),
  readReadiness: readReadiness(services),
})
