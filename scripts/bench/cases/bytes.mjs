// Measures the bytes per account and per session, on the heap with the memory store, and on the disk.
import { openAccount, openSession } from '../accounts.mjs'
import { openDatabases, tableBytes } from '../databases.mjs'
import { benchSettings, startNode } from '../programs.mjs'

const warmUp = 20

export const run = async (_names, bench) => {
  const memory = await onMemory(bench)
  const databases = await openDatabases(bench)
  const { fillSqlite, fillPostgres, close } = databases
  const filled = [
    ['sqlite', 'SQLite', fillSqlite],
    ['postgresql', 'PostgreSQL', fillPostgres],
  ]
  const rows = [memory]
  for (const [id, name, fill] of filled) if (fill) rows.push({ id, name, ...(await onDisk(fill, bench)) })
  close()
  const resultOf = (key, title) => ({
    id: `bytes-per-${key}`,
    kind: 'figures',
    title,
    unit: 'bytes',
    note:
      `Memory: live bytes of the heap and its buffers, averaged over ${bench.scale.bytesAccounts}. SQLite and PostgreSQL: the ` +
      `table with its indexes, averaged over ${bench.scale.diskAccounts}.`,
    entries: rows.map(({ id, name, ...row }) => ({ id, name, median: row[key] })),
  })
  return [resultOf('account', 'Bytes per account'), resultOf('session', 'Bytes per session')]
}

const onMemory = async ({ scale: { bytesAccounts: count } }) => {
  const server = await startNode({ settings: benchSettings() })
  const growthOf = async (names, work) => {
    const before = await server.ask('live bytes')
    for (const name of names) await work(server.url, name)
    return ((await server.ask('live bytes')) - before) / names.length
  }
  const names = (prefix, length) => Array.from({ length }, (_, i) => `${prefix}-${i}`)
  // The first requests fill caches and compile code.
  await growthOf(names('early', warmUp), openAccount)
  await growthOf(names('early', warmUp), openSession)
  const account = await growthOf(names('name', count), openAccount)
  const session = await growthOf(names('name', count), openSession)
  await server.stop()
  return { id: 'memory', name: 'memory', account, session }
}

const onDisk = async (fill, { scale: { diskAccounts: count } }) => {
  const { databaseUrl } = await fill(count)
  const { accounts, sessions } = await tableBytes(databaseUrl)
  return { account: accounts / count, session: sessions / count }
}
