/** After the tests on PostgreSQL. */
export default () => globalThis.stopPostgres?.()
