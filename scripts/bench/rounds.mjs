// Measures in rounds. All servers run at the same time, and each is measured in every round. A temporary disturbance of
// the machine then affects all of them.

/** @param entries of all cases, each `{ caseId, id, name, requests, warmUp, sample }`, where `sample(requests)`
 * resolves to `{ cpuMicroseconds, requestsPerSecond?, p50?, p99? }`
 * @returns the entries, each with its `samples`, one for each round */
export const measureRounds = async (entries, { rounds, onRound = () => undefined }) => {
  for (const entry of entries) await sampleOnce(entry, entry.warmUp)
  const measured = entries.map((entry) => ({ ...entry, samples: [] }))
  for (let round = 0; round < rounds; round += 1) {
    onRound(round)
    for (const entry of inTurn(measured, round)) entry.samples.push(await sampleOnce(entry, entry.requests))
  }
  return measured
}

const sampleOnce = async ({ caseId, name, sample }, count) => {
  try {
    return await sample(count)
  } catch (error) {
    throw new Error(`${name}, case ${caseId}: ${error.message}`, { cause: error })
  }
}

/** Starts each round with another entry. */
const inTurn = (list, round) => list.map((_, i) => list[(i + round) % list.length])
