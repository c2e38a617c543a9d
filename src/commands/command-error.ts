/** Ends a command. `runCommand` prints the text behind `error: `. */
export class CommandError extends Error {
  /** 1: the command has failed. 2: the command line or a setting is wrong. */
  readonly exitCode: 1 | 2

  constructor(text: string, exitCode: 1 | 2 = 1) {
    super(text)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
