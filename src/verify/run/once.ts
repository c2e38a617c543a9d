/** Calls `make` when its value is first needed, and keeps the outcome. It keeps a failure only after `maxAttempts` calls. */
export const once = <T>(make: () => Promise<T>, maxAttempts = 1): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  let failures = 0
  return () =>
    (made ??= make().catch((error: unknown) => {
      failures += 1
      if (failures < maxAttempts) made = undefined
      throw error
    }))
}
