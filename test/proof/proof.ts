export interface Result {
  readonly passed: boolean
  readonly text: string
  readonly table?: readonly Readonly<Record<string, string>>[]
}

/** What the command line of `npm run proof` tells a proof. */
export interface Run {
  /** The words after the name of the proof, without the seed. */
  readonly words: readonly string[]
  /** Determines all random numbers of the run, so that the same seed repeats it. */
  readonly seed: number
}

/** Runs a proof. A proof that throws has failed. */
export type Prove = (run: Run) => Promise<readonly Result[]>

/** Runs the parts that the words name, or all parts. A word that names neither a part nor an option fails the proof.
 * @param options other words that the parts understand */
export const proveParts = async (
  parts: Readonly<Record<string, Prove>>,
  run: Run,
  options: readonly string[] = [],
): Promise<readonly Result[]> => {
  const names = Object.keys(parts)
  const unknown = run.words.filter((word) => ![...names, ...options].includes(word))
  if (unknown.length > 0) {
    const optional = options.length > 0 ? `; the options are: ${options.join(', ')}` : ''
    return [
      { passed: false, text: `unknown words: ${unknown.join(', ')}. The parts are: ${names.join(', ')}${optional}` },
    ]
  }
  const named = Object.entries(parts).filter(([name]) => run.words.includes(name))
  const results: Result[] = []
  for (const [, prove] of named.length > 0 ? named : Object.entries(parts)) results.push(...(await prove(run)))
  return results
}
