/** Jest calls this once after the tests on PostgreSQL. */
export default () => globalThis.stopPostgres?.()
