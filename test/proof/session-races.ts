// Sends requests that race for one session. What one response has acknowledged must hold for all other requests. Twins
// must lose these races. The memory store runs one verb at a time, so that it loses a race only where a verb waits
// between a look-up and a write. Some twins wait there.
import type { Prove } from './proof.ts'
import { deletions } from './session-races/deletions.ts'
import { mutants } from './session-races/mutants.ts'
import { passwordChanges } from './session-races/password-changes.ts'
import { refreshesWithInterval, refreshesWithoutInterval } from './session-races/refreshes.ts'
import { twin, type Twin } from './session-races/race.ts'
import { revocations } from './session-races/revocations.ts'
import { rivalChanges } from './session-races/rival-changes.ts'
import { proveRaces } from './session-races/run.ts'
import { openService } from './session-races/service.ts'
import { twoCallers } from './session-races/two-callers.ts'

const races = [
  refreshesWithInterval,
  refreshesWithoutInterval,
  revocations,
  passwordChanges,
  rivalChanges,
  deletions,
  mutants,
  twoCallers,
]

const sessionStore = 'stores/memory/session-store.ts'
const accountStore = 'stores/memory/account-store.ts'
const nextTurn = 'await new Promise(setImmediate);'
// As long as a round trip to a slow database, in milliseconds, so that many races fall into it.
const roundTrip = 'await new Promise((resolve) => setTimeout(resolve, 25));'
const versionCheck = 'if (accounts.get(accountId)?.credentialVersion !== credentialVersion)'

const twins: readonly Twin[] = [
  twin(
    'a rotation that waits between look-up and write',
    sessionStore,
    'if (generation === session.generation) {',
    `${nextTurn} $&`,
    [refreshesWithoutInterval, revocations],
  ),
  twin(
    'any generation rotated',
    sessionStore,
    'if (generation === session.generation) {',
    'generation = session.generation; $&',
    [refreshesWithInterval, refreshesWithoutInterval],
  ),
  twin('the interval ignored, never over', sessionStore, 'now - session.refreshedAt < reuseIntervalSeconds', 'true', [
    refreshesWithoutInterval,
  ]),
  twin('the interval ignored, always over', sessionStore, 'now - session.refreshedAt < reuseIntervalSeconds', 'false', [
    refreshesWithInterval,
  ]),
  twin('a session opened without a look at the version', sessionStore, versionCheck, 'if (false)', [
    passwordChanges,
    deletions,
  ]),
  twin(
    'a session opened after a wait behind that look',
    sessionStore,
    'const others = sessions.ofAccount(accountId)\n',
    `${roundTrip} $&`,
    [passwordChanges, deletions],
  ),
  twin(
    'a new password that ends no session',
    accountStore,
    'sessions.ofAccount(accountId).forEach(sessions.remove)',
    '',
    [passwordChanges],
  ),
  twin(
    'a new password without a look at the version',
    accountStore,
    'if (account.credentialVersion !== credentialVersion)',
    'if (false)',
    [rivalChanges],
  ),
  twin('a deletion that ends no session', accountStore, 'sessions.ofAccount(id).forEach(sessions.remove)', '', [
    deletions,
  ]),
  twin('a deletion that gives the name back', accountStore, 'accounts.set(id, undefined)', 'accounts.delete(id)', [
    deletions,
  ]),
  twin(
    'refresh tokens whose MAC is not compared',
    'sessions/refresh-tokens.ts',
    'timingSafeEqual(macOf(key, session, generation), mac)',
    'true',
    [mutants],
  ),
  twin(
    'access tokens whose signature is not verified',
    'sessions/access-tokens.ts',
    'jwt.verify(token, key,',
    'jwt.decode(token,',
    [mutants],
  ),
  twin(
    'verified tokens that are kept without their signature',
    'sessions/verified-tokens.ts',
    'verified.get(token)',
    "[...verified].find(([known]) => known.startsWith(token.slice(0, token.lastIndexOf('.'))))?.[1]",
    [mutants],
  ),
  twin(
    'verified tokens that are kept by their header',
    'sessions/verified-tokens.ts',
    'verified.get(token)',
    "[...verified].find(([known]) => known.startsWith(token.split('.')[0]))?.[1]",
    [twoCallers],
  ),
]

/** The word `quick` asks for a twentieth of the rounds. */
export const prove: Prove = (run) => proveRaces(races, twins, run, openService)

// These races take seconds, because their rounds do not wait for a hash.
const cheap = [refreshesWithInterval, refreshesWithoutInterval, mutants, twoCallers]

/** Runs the twins that cheap races find out, for `npm run proof -- faults`. */
export const proveCheapTwins: Prove = (run) =>
  proveRaces(
    [],
    twins.filter((twin) => twin.races.every((race) => cheap.includes(race))),
    run,
    openService,
  )
