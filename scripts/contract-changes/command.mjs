/** Runs a command that returns its exit status. If it throws, prints the message and sets the exit status 1. */
export const runCommand = (command) => {
  try {
    process.exitCode = command()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
