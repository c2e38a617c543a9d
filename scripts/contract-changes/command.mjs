// A command of this folder, for a person.

/** Runs a command, which returns its exit status. Whatever stops it is a sentence and the status 1. */
export const runCommand = (command) => {
  try {
    process.exitCode = command()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
