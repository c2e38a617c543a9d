import { startPostgres } from './postgres.mjs'

/** Jest calls this once before the tests on PostgreSQL. */
export default async () => {
  if (process.env.TEST_POSTGRES_URL) return
  const { url, stop } = await startPostgres('-c fsync=off')
  process.env.TEST_POSTGRES_URL = url
  globalThis.stopPostgres = stop
}
