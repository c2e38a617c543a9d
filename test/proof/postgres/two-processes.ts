// Runs the races of `session-races`, and sign-ups of one name, on two processes that share a database. Requests go to
// both processes in turn. Neither caches sessions here, so that each must refuse at once what the other has ended.
import { deletions } from '../session-races/deletions.ts'
import { passwordChanges } from '../session-races/password-changes.ts'
import { refreshesWithInterval, refreshesWithoutInterval } from '../session-races/refreshes.ts'
import { revocations } from '../session-races/revocations.ts'
import { rivalChanges } from '../session-races/rival-changes.ts'
import type { Prove } from '../proof.ts'
import { twin, type Twin } from '../session-races/race.ts'
import { proveRaces } from '../session-races/run.ts'
import { openService } from '../session-races/service.ts'
import { openCluster } from './cluster.ts'
import { signUps } from './sign-ups.ts'

const races = [
  signUps,
  refreshesWithInterval,
  refreshesWithoutInterval,
  revocations,
  passwordChanges,
  rivalChanges,
  deletions,
]

const accountStore = 'stores/sql/account-store.ts'
const sessionStatements = 'stores/sql/session-statements.ts'
const twins: readonly Twin[] = [
  twin(
    'a sign-up that replaces the one before',
    accountStore,
    '.doNothing()',
    '.doUpdateSet({ password_hash: account.passwordHash })',
    [signUps],
  ),
  twin('a rotation without a look at the generation', sessionStatements, ".where('generation', '=', generation)", '', [
    refreshesWithInterval,
    refreshesWithoutInterval,
  ]),
  twin(
    'a session opened without a look at the version',
    sessionStatements,
    ".where('accounts.credential_version', '=', session.credentialVersion)",
    '',
    [passwordChanges],
  ),
  twin(
    'a new password without a look at the version',
    accountStore,
    'const isOutdated = version !== credentialVersion',
    'const isOutdated = false',
    [rivalChanges],
  ),
  twin(
    'a deletion that counts no version up',
    accountStore,
    'password_hash: null, credential_version: version + 1',
    'password_hash: null',
    [deletions],
  ),
]

export const proveTwoProcesses: Prove = async (run) => {
  const cluster = await openCluster()
  const results = await proveRaces(races, twins, run, async ({ script, settings }) =>
    openService({
      script,
      settings: { ...(await cluster.newSettings()), SESSION_CACHE_SECONDS: '0', ...settings },
      processes: 2,
    }),
  )
  cluster.stop()
  return results.map(({ text, ...result }) => ({ ...result, text: `over two processes: ${text}` }))
}
