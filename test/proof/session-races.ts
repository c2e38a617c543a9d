// Requests that race for one session, over HTTP: whatever is acknowledged holds for all of them. Each race is also run
// against twins that have to lose it. JavaScript runs one verb of the memory store at a time, so that a race is lost
// only where a verb waits between what it looks up and what it writes: the twins are made to.
import { defineFault } from '../support/planted-fault.ts'
import type { Prove } from './proof.ts'
import { deletions } from './session-races/deletions.ts'
import { mutants } from './session-races/mutants.ts'
import { passwordChanges } from './session-races/password-changes.ts'
import { refreshesWithInterval, refreshesWithoutInterval } from './session-races/refreshes.ts'
import type { Twin } from './session-races/race.ts'
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
// To a database, in milliseconds.
const roundTrip = 'await new Promise((resolve) => setTimeout(resolve, 5));'
const versionCheck = 'if (accounts.get(accountId)?.credentialVersion !== credentialVersion)'

const twins: readonly Twin[] = [
  {
    fault: defineFault(
      'a rotation that waits between look-up and write',
      sessionStore,
      'if (generation === session.generation) {',
      `${nextTurn} $&`,
    ),
    races: [refreshesWithoutInterval, revocations],
  },
  {
    fault: defineFault(
      'any generation rotated',
      sessionStore,
      'if (generation === session.generation) {',
      'generation = session.generation; $&',
    ),
    races: [refreshesWithInterval, refreshesWithoutInterval],
  },
  {
    fault: defineFault(
      'the interval ignored, never over',
      sessionStore,
      'now - session.refreshedAt < reuseIntervalSeconds',
      'true',
    ),
    races: [refreshesWithoutInterval],
  },
  {
    fault: defineFault(
      'the interval ignored, always over',
      sessionStore,
      'now - session.refreshedAt < reuseIntervalSeconds',
      'false',
    ),
    races: [refreshesWithInterval],
  },
  {
    fault: defineFault('a session opened without a look at the version', sessionStore, versionCheck, 'if (false)'),
    races: [passwordChanges, deletions],
  },
  {
    fault: defineFault(
      'a session opened after a wait behind that look',
      sessionStore,
      'const others = sessions.ofAccount(accountId)\n',
      `${roundTrip} $&`,
    ),
    races: [passwordChanges, deletions],
  },
  {
    fault: defineFault(
      'a new password that ends no session',
      accountStore,
      'sessions.ofAccount(accountId).forEach(sessions.remove)',
      '',
    ),
    races: [passwordChanges],
  },
  {
    fault: defineFault(
      'a new password without a look at the version',
      accountStore,
      'if (account.credentialVersion !== credentialVersion)',
      'if (false)',
    ),
    races: [rivalChanges],
  },
  {
    fault: defineFault(
      'a deletion that ends no session',
      accountStore,
      'sessions.ofAccount(id).forEach(sessions.remove)',
      '',
    ),
    races: [deletions],
  },
  {
    fault: defineFault(
      'a deletion that gives the name back',
      accountStore,
      'accounts.set(id, undefined)',
      'accounts.delete(id)',
    ),
    races: [deletions],
  },
  {
    fault: defineFault(
      'refresh tokens whose MAC is not compared',
      'sessions/refresh-tokens.ts',
      'timingSafeEqual(macOf(key, session, generation), mac)',
      'true',
    ),
    races: [mutants],
  },
  {
    fault: defineFault(
      'access tokens whose signature is not verified',
      'sessions/access-tokens.ts',
      'jwt.verify(token, key,',
      'jwt.decode(token,',
    ),
    races: [mutants],
  },
  {
    fault: defineFault(
      'verified tokens that are kept without their signature',
      'sessions/verified-tokens.ts',
      'verified.get(token)',
      "[...verified].find(([known]) => known.startsWith(token.slice(0, token.lastIndexOf('.'))))?.[1]",
    ),
    races: [mutants],
  },
  {
    fault: defineFault(
      'verified tokens that are kept by their header',
      'sessions/verified-tokens.ts',
      'verified.get(token)',
      "[...verified].find(([known]) => known.startsWith(token.split('.')[0]))?.[1]",
    ),
    races: [twoCallers],
  },
]

/** The word `quick` asks for a twentieth of the rounds. */
export const prove: Prove = (run) => proveRaces(races, twins, run, openService)

// They take seconds, since none of them waits for a hash in each round.
const cheap = [refreshesWithInterval, refreshesWithoutInterval, mutants, twoCallers]

/** The twins that cheap races find, for `npm run proof -- faults`. */
export const proveCheapTwins: Prove = (run) =>
  proveRaces(
    [],
    twins.filter((twin) => twin.races.every((race) => cheap.includes(race))),
    run,
    openService,
  )
