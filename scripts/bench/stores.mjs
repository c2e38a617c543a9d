// What a request costs on a database of 10^3 accounts and on a large one: 10^5, or 10^6 by the word `full`.
import { join } from 'node:path'
import { fillDatabase } from '../proof/moving/fill.mjs'
import { createTemporaryFolder } from '../proof/at-exit.mjs'
import { comparisonOf, measureStores } from './store-load.mjs'
import { buildIfStale } from '../build.mjs'

export const run = async ([size = 'short']) => {
  buildIfStale()
  const folder = createTemporaryFolder()
  const sizes = []
  for (const count of [1_000, size === 'full' ? 1_000_000 : 100_000]) {
    const databaseUrl = `sqlite:${join(folder.path, `${count}.db`)}`
    const { sessions, password, rowsPerSecond } = await fillDatabase(folder.path, databaseUrl, count)
    console.log(`${count} accounts and as many sessions imported: ${rowsPerSecond.toFixed(0)} rows/s`)
    sizes.push({ name: `${count} accounts`, databaseUrl, sessions, password })
  }
  const [{ password }] = sizes
  const requests = { logIn: 20, refresh: 500, protected: 1_000 }
  const measured = await measureStores(sizes, { rounds: 21, requests, password })
  folder.remove()
  console.log('\nSQLite, no session cache; CPU µs / request, medians of 21 rounds, interleaved\n')
  const [first, ...others] = comparisonOf(measured)
  const columns = Object.keys(first)
  for (const row of [columns, columns.map(() => '---'), ...[first, ...others].map(Object.values)])
    console.log(`| ${row.join(' | ')} |`)
}
