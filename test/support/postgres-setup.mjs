import { startPostgres } from './postgres.mjs'

/** Before the tests on PostgreSQL, once. */
export default async () => {
  if (process.env.TEST_POSTGRES_URL) return
  const { url, stop } = await startPostgres('-c fsync=off')
  process.env.TEST_POSTGRES_URL = url
  globalThis.stopPostgres = stop
}
