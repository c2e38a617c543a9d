/** Returns a function that calls `make` at its first call, and then reuses the result. After a failure, it calls `make`
 * again, at most `maxAttempts` times in all. */
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
