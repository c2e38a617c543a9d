const maxAttempts = 3

/** Done when it is first asked for, and then never again, failed or not. */
export const memoized = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** Done once, but that a failure is tried again a few times. */
export const attempted = <T>(attempt: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  let failures = 0
  return () =>
    (made ??= attempt().catch((error: unknown) => {
      failures += 1
      if (failures < maxAttempts) made = undefined
      throw error
    }))
}
