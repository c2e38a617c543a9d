const maxAttempts = 3

/** Calls `make` when its value is first needed, and keeps the outcome, even a failure. */
export const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** As `once`, but a failure is kept only after a few attempts. */
export const onceWithRetries = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  let failures = 0
  return () =>
    (made ??= make().catch((error: unknown) => {
      failures += 1
      if (failures < maxAttempts) made = undefined
      throw error
    }))
}
