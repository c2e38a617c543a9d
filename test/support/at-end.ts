type Undo = () => unknown

const undoings = new Set<Undo>()

/** Calls `undo` at the end of the tests of a file or, where no test runs, of the process.
 * @returns a function that calls it earlier */
export const atEnd = (undo: Undo): (() => unknown) => {
  undoings.add(undo)
  return () => (undoings.delete(undo) ? undo() : undefined)
}

// The last one first: a server ends before its folder is removed.
const inTurn = (): Undo[] => [...undoings].reverse()

// A proof runs without Jest.
const { afterAll } = globalThis as { readonly afterAll?: (work: () => Promise<void>) => void }
if (afterAll) {
  afterAll(async () => {
    for (const undo of inTurn()) await undo()
  })
} else {
  process.once('exit', () => inTurn().forEach((undo) => undo()))
  // Without a listener, these would end the process without the event 'exit'.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130))
}
