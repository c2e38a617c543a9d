// One registry of everything that must not outlive its user: programs, servers and temporary folders.
type Undo = () => unknown

const undoings = new Set<Undo>()

/** Registers `undo` for the end of a test file, of a proof, or of the process.
 * @returns a function that calls `undo` earlier, and only once */
export const atEnd = <Result>(undo: () => Result): (() => Result | undefined) => {
  undoings.add(undo)
  return () => (undoings.delete(undo) ? undo() : undefined)
}

/** Takes the latest registration first, because a server ends before its folder is removed. */
const takeLatest = (): Undo | undefined => {
  const latest = [...undoings].at(-1)
  if (latest) undoings.delete(latest)
  return latest
}

/** Calls everything that is still registered, also after one call has failed.
 * @throws AggregateError of all failures */
export const undoAll = async (): Promise<void> => {
  const failures: unknown[] = []
  for (let undo = takeLatest(); undo; undo = takeLatest()) {
    try {
      await undo()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
}

// Jest calls this after the tests of a file. A proof runs without Jest: it calls `undoAll` itself, and the process ends
// what is left.
const { afterAll } = globalThis as { readonly afterAll?: (work: () => Promise<void>) => void }
if (afterAll) {
  afterAll(undoAll)
} else {
  process.once('exit', () => {
    for (let undo = takeLatest(); undo; undo = takeLatest()) {
      try {
        undo()
      } catch (error) {
        console.error(error)
      }
    }
  })
  // A signal would otherwise end the process without the event `exit`.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130))
}
