export interface Result {
  readonly passed: boolean
  readonly text: string
  readonly table?: readonly Readonly<Record<string, string>>[]
}

/** What `npm run proof` says to a proof. */
export interface Run {
  readonly words: readonly string[]
  /** Of all random numbers. A number among the words repeats a run. */
  readonly seed: number
}

/** A proof that throws has failed. */
export type Prove = (run: Run) => Promise<readonly Result[]>

/** Runs those of the parts that the words name, or all of them. */
export const proveParts = async (parts: Readonly<Record<string, Prove>>, run: Run): Promise<readonly Result[]> => {
  const named = Object.entries(parts).filter(([name]) => run.words.includes(name))
  const results: Result[] = []
  for (const [, prove] of named.length > 0 ? named : Object.entries(parts)) results.push(...(await prove(run)))
  return results
}
