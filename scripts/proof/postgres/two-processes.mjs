// Two processes on one database: the races that `session-races` runs on one, and sign-ups of one name. Requests go to
// the two in turn. What one has ended is to be refused by the other at once here, so that nothing is kept in memory.
import { deletions } from '../session-races/deletions.mjs'
import { passwordChanges } from '../session-races/password-changes.mjs'
import { refreshesWithInterval, refreshesWithoutInterval } from '../session-races/refreshes.mjs'
import { revocations } from '../session-races/revocations.mjs'
import { rivalChanges } from '../session-races/rival-changes.mjs'
import { proveRaces } from '../session-races/run.mjs'
import { openService } from '../session-races/service.mjs'
import { openCluster } from './cluster.mjs'
import { signUps } from './sign-ups.mjs'

const races = [
  signUps,
  refreshesWithInterval,
  refreshesWithoutInterval,
  revocations,
  passwordChanges,
  rivalChanges,
  deletions,
]

const accountStore = 'stores/sql/account-store.js'
const sessionStore = 'stores/sql/session-store.js'
const twins = [
  {
    name: 'a sign-up that replaces the one before',
    plant: [accountStore, '.doNothing()', '.doUpdateSet({ password_hash: account.passwordHash })'],
    races: [signUps],
  },
  {
    name: 'a rotation without a look at the generation',
    plant: [sessionStore, ".where('generation', '=', generation)", ''],
    races: [refreshesWithInterval, refreshesWithoutInterval],
  },
  {
    name: 'a session opened without a look at the version',
    plant: [sessionStore, ".where('accounts.credential_version', '=', session.credentialVersion)", ''],
    races: [passwordChanges],
  },
  {
    name: 'a new password without a look at the version',
    plant: [accountStore, 'const isOutdated = version !== credentialVersion;', 'const isOutdated = false;'],
    races: [rivalChanges],
  },
  {
    name: 'a deletion that counts no version up',
    plant: [accountStore, 'password_hash: null, credential_version: version + 1', 'password_hash: null'],
    races: [deletions],
  },
]

export const proveTwoProcesses = async (words) => {
  const cluster = await openCluster()
  const results = await proveRaces({
    races,
    twins,
    words,
    open: async ({ script, settings }) =>
      openService({
        script,
        settings: { ...(await cluster.newSettings()), SESSION_CACHE_SECONDS: '0', ...settings },
        processes: 2,
      }),
  })
  cluster.stop()
  return results.map(({ text, ...result }) => ({ ...result, text: `over two processes: ${text}` }))
}
