// The other end of child.mjs. It imports no TypeScript, because Node 20 runs it without tsx.
/** Runs every order of the process that started this one by `run`, and ends with that process. */
export const obey = (run) => {
  process.on('message', async (message) => {
    try {
      process.send(await run(message))
    } catch (error) {
      process.send({ error: error.message })
    }
  })
  process.on('disconnect', () => process.exit())
}
