// The child's side of child.mjs. It imports no TypeScript, because Node 20 runs it without tsx.

/** Responds to every message of the parent process with the result of `run`. Ends together with the parent. */
export const handleMessages = (run) => {
  process.on('message', async (message) => {
    try {
      process.send(await run(message))
    } catch (error) {
      process.send({ error: error.message })
    }
  })
  process.on('disconnect', () => process.exit())
}
