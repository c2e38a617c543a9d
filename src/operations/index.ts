import type { Handlers } from '../contract/types.ts'
import { changePassword } from './change-password.ts'
import { deleteAccount } from './delete-account.ts'
import { endOtherSessions } from './end-other-sessions.ts'
import { endSession } from './end-session.ts'
import { issueToken } from './issue-token.ts'
import { listSessions } from './list-sessions.ts'
import { logout } from './logout.ts'
import { readAccount } from './read-account.ts'
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
  readAccount: readAccount(services),
  changePassword: changePassword(services),
  deleteAccount: deleteAccount(services),
  listSessions: listSessions(services),
  endSession: endSession(services),
  endOtherSessions: endOtherSessions(services),
  readLiveness: readLiveness(),
  readReadiness: readReadiness(services),
})
