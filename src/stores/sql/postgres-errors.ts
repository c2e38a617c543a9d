// What PostgreSQL and its client say when something does not work (Appendix A of PostgreSQL's manual has the codes).

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** Serialization failures and deadlocks: the work of another one came first, and nothing of this one is left. */
export const isConflict = (error: unknown): boolean => /^40(001|P01)$/.test(codeOf(error))

/** No answer of the server's came, and none will. */
const isUnanswered = (error: unknown): boolean =>
  /^E[A-Z]+$/.test(codeOf(error)) ||
  (error instanceof Error && codeOf(error) === '' && /timeout|terminated|not queryable/i.test(error.message))

// Connection exceptions, a shutdown, a transaction that stood still for too long. And a server that cannot be written:
// what was the primary is a standby now, and the address may lead to another one.
const lastWords = /^(08...|57P0.|25P03|25006)$/

/** Whether the connection is of no use any more. */
export const endsConnection = (error: unknown): boolean => lastWords.test(codeOf(error)) || isUnanswered(error)

// No resources, a statement that took too long, a lock that is not to be had, a conflict that would not end, a disk that
// fails.
const maybeLater = /^(53...|57014|55P03|40...|58...)$/

/** Whether it may be better in a while. */
export const isOutage = (error: unknown): boolean => endsConnection(error) || maybeLater.test(codeOf(error))

/** The error without what it quotes of rows and parameters, and without the connection that it came from: it goes to the
 * log. */
export const withoutData = (error: unknown): unknown =>
  error instanceof Error
    ? Object.assign(error, { detail: undefined, where: undefined, internalQuery: undefined, client: undefined })
    : error
