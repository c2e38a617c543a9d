/** Ends a command. `runCommand` prints each problem behind `error: `. */
export class CommandError extends Error {
  /** 1: the command has failed. 2: the command line or a setting is wrong. */
  readonly exitCode: 1 | 2
  readonly problems: readonly string[]

  constructor(text: string | readonly string[], exitCode: 1 | 2 = 1) {
    const problems = [text].flat()
    super(problems.join('\n'))
    this.name = 'CommandError'
    this.problems = problems
    this.exitCode = exitCode
  }
}
