// Classifies the errors of PostgreSQL and of its client. Appendix A of the PostgreSQL manual lists the codes.

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** Whether a conflict with another transaction has rolled this one back: a serialization failure or a deadlock. */
export const isConflict = (error: unknown): boolean => /^40(001|P01)$/.test(codeOf(error))

/** Whether the connection failed without a response from the server. */
const hasNoResponse = (error: unknown): boolean =>
  /^E[A-Z]+$/.test(codeOf(error)) ||
  (error instanceof Error && codeOf(error) === '' && /timeout|terminated|not queryable/i.test(error.message))

// Connection exceptions, shutdown, and a transaction that was idle for too long. Also a read-only server: it has become
// a standby, and a new connection may lead to the new primary.
const fatalCodes = /^(08...|57P0.|25P03|25006)$/

/** Whether the connection must not be used again. */
export const endsConnection = (error: unknown): boolean => fatalCodes.test(codeOf(error)) || hasNoResponse(error)

// Insufficient resources, a cancelled statement, an unavailable lock, a conflict in every attempt, and a system error.
const temporaryCodes = /^(53...|57014|55P03|40...|58...)$/

/** Whether a later attempt may succeed. */
export const isOutage = (error: unknown): boolean => endsConnection(error) || temporaryCodes.test(codeOf(error))

/** Removes from an error, before it is logged, the fields that quote rows or parameters, and the connection. */
export const withoutData = (error: unknown): unknown =>
  error instanceof Error
    ? Object.assign(error, { detail: undefined, where: undefined, internalQuery: undefined, client: undefined })
    : error
