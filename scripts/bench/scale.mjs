// The size of the measurements. `requests` and `hashes` count those of one server in one round.
const usual = {
  requests: 1_000,
  hashes: 20,
  hashWarmUp: 100,
  storeRequests: { logIn: 10, refresh: 400, protected: 800 },
  warmUp: 3_000,
  longWarmUp: 15_000,
  warmUpPython: 2_000,
  sessions: 50,
  refreshSessions: 40,
  tokens: { some: 1_000, many: 100_000 },
  manyAccounts: 100_000,
  bytesAccounts: 300,
  diskAccounts: 10_000,
}

const quick = {
  requests: 300,
  hashes: 5,
  hashWarmUp: 20,
  storeRequests: { logIn: 3, refresh: 100, protected: 200 },
  warmUp: 1_000,
  longWarmUp: 3_000,
  warmUpPython: 500,
  sessions: 20,
  refreshSessions: 20,
  tokens: { some: 1_000, many: 100_000 },
  manyAccounts: 10_000,
  bytesAccounts: 50,
  diskAccounts: 1_000,
}

export const scaleOf = (options) => ({
  ...(options.quick ? quick : usual),
  ...(options.full ? { manyAccounts: 1_000_000 } : {}),
})
