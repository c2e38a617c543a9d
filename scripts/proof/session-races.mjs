// Requests that race for one session, over HTTP: whatever is acknowledged holds for all of them. Each race is also run
// against twins that have to lose it. JavaScript runs one verb of the memory store at a time, so that a race is lost
// only where a verb waits between what it looks up and what it writes: the twins are made to.
import { deletions } from './session-races/deletions.mjs'
import { mutants } from './session-races/mutants.mjs'
import { passwordChanges } from './session-races/password-changes.mjs'
import { refreshesWithInterval, refreshesWithoutInterval } from './session-races/refreshes.mjs'
import { revocations } from './session-races/revocations.mjs'
import { rivalChanges } from './session-races/rival-changes.mjs'
import { proveRaces } from './session-races/run.mjs'
import { openService } from './session-races/service.mjs'
import { twoCallers } from './session-races/two-callers.mjs'

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

const sessionStore = 'stores/memory/session-store.js'
const accountStore = 'stores/memory/account-store.js'
const nextTurn = 'await new Promise(setImmediate);'
// To a database, in milliseconds.
const roundTrip = 'await new Promise((resolve) => setTimeout(resolve, 5));'
const versionCheck = 'if (accounts.get(accountId)?.credentialVersion !== credentialVersion)'

const twins = [
  {
    name: 'a rotation that waits between look-up and write',
    plant: [sessionStore, 'if (generation === session.generation) {', `${nextTurn} $&`],
    races: [refreshesWithoutInterval, revocations],
  },
  {
    name: 'any generation rotated',
    plant: [sessionStore, 'if (generation === session.generation) {', 'generation = session.generation; $&'],
    races: [refreshesWithInterval, refreshesWithoutInterval],
  },
  {
    name: 'the interval ignored, never over',
    plant: [sessionStore, 'now - session.refreshedAt < reuseIntervalSeconds', 'true'],
    races: [refreshesWithoutInterval],
  },
  {
    name: 'the interval ignored, always over',
    plant: [sessionStore, 'now - session.refreshedAt < reuseIntervalSeconds', 'false'],
    races: [refreshesWithInterval],
  },
  {
    name: 'a session opened without a look at the version',
    plant: [sessionStore, versionCheck, 'if (false)'],
    races: [passwordChanges, deletions],
  },
  {
    name: 'a session opened after a wait behind that look',
    plant: [sessionStore, 'const others = sessions.ofAccount(accountId);', `${roundTrip} $&`],
    races: [passwordChanges, deletions],
  },
  {
    name: 'a new password that ends no session',
    plant: [accountStore, 'sessions.ofAccount(accountId).forEach(sessions.remove);', ''],
    races: [passwordChanges],
  },
  {
    name: 'a new password without a look at the version',
    plant: [accountStore, 'if (account.credentialVersion !== credentialVersion)', 'if (false)'],
    races: [rivalChanges],
  },
  {
    name: 'a deletion that ends no session',
    plant: [accountStore, 'sessions.ofAccount(id).forEach(sessions.remove);', ''],
    races: [deletions],
  },
  {
    name: 'a deletion that gives the name back',
    plant: [accountStore, 'accounts.set(id, undefined);', 'accounts.delete(id);'],
    races: [deletions],
  },
  {
    name: 'refresh tokens whose MAC is not compared',
    plant: ['sessions/refresh-tokens.js', 'timingSafeEqual(macOf(key, session, generation), mac)', 'true'],
    races: [mutants],
  },
  {
    name: 'access tokens whose signature is not verified',
    plant: ['sessions/access-tokens.js', 'jwt.verify(token, key,', 'jwt.decode(token,'],
    races: [mutants],
  },
  {
    name: 'verified tokens that are kept without their signature',
    plant: [
      'sessions/verified-tokens.js',
      'verified.get(token)',
      "[...verified].find(([known]) => known.startsWith(token.slice(0, token.lastIndexOf('.'))))?.[1]",
    ],
    races: [mutants],
  },
  {
    name: 'verified tokens that are kept by their header',
    plant: [
      'sessions/verified-tokens.js',
      'verified.get(token)',
      "[...verified].find(([known]) => known.startsWith(token.split('.')[0]))?.[1]",
    ],
    races: [twoCallers],
  },
]

/** @param words `quick` for a twentieth of the rounds, and a seed to repeat a run */
export const prove = (words) =>
  proveRaces({ races, twins, words, open: ({ script, settings }) => openService({ script, settings }) })
