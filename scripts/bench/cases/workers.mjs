// Measures one and two workers on one PostgreSQL: the CPU time of all processes of the service, and their request rate.
import { findPostgres, remedy } from '../../../test/support/postgres.mjs'
import { isLinux } from '../../../test/support/platforms.ts'
import { openCluster } from '../../../test/proof/postgres/cluster.ts'
import { openAccount, openSessions } from '../accounts.mjs'
import { cpuMicrosecondsOf, processTree } from '../linux-cpu.mjs'
import { getProtected } from '../load/request-text.mjs'
import { measureCases } from '../measure.mjs'
import { withCores } from '../pinning.mjs'
import { benchSettings, startNode } from '../programs.mjs'

const connections = 16
const username = 'licat'

export const run = async (_names, bench) => {
  if (!isLinux || !findPostgres()) {
    bench.leaveOut('1 and 2 workers', isLinux ? remedy : 'they need Linux and PostgreSQL')
    return []
  }
  const cluster = await openCluster()
  const settings = { ...benchSettings(), ...(await sharedSettings(cluster)) }
  const servers = []
  for (const count of [1, 2])
    servers.push({ count, ...(await withCores(bench.pinning, 2, () => startWorkers(count, settings))) })
  const [{ url }] = servers
  await openAccount(url, username)
  const sessions = await openSessions(url, username, bench.scale.refreshSessions)
  const results = await measureCases(await casesOf(servers, sessions, bench), {
    rounds: bench.rounds,
    onRound: bench.progress('workers'),
  })
  for (const { stop } of servers) await stop()
  cluster.stop()
  return results
}

const sharedSettings = async (cluster) => {
  const { DATABASE_URL, DATABASE_POOL_SIZE, MIGRATE_ON_START } = await cluster.newSettings()
  return { DATABASE_URL, DATABASE_POOL_SIZE, MIGRATE_ON_START }
}

const startWorkers = async (count, settings) => {
  const server = await startNode({ settings: { ...settings, WORKERS: String(count) } })
  // The supervisor passes on the connections, so its CPU time counts, too.
  const tree = processTree(server.pid)
  return { ...server, cpu: async () => cpuMicrosecondsOf(tree) }
}

const casesOf = async (servers, sessions, { generator, scale }) => {
  const entriesOf = (plan) =>
    servers.map(({ count, ...server }) => ({
      id: `workers-${count}`,
      name: `${count} ${count === 1 ? 'worker' : 'workers'}`,
      requests: scale.requests,
      warmUp: count * scale.warmUp,
      sample: (requests) => generator.load(server, { plan, connections, expected: { status: 200 } }, requests),
    }))
  const ratios = [{ of: 'workers-2', to: 'workers-1' }]
  const note =
    'On one PostgreSQL, whose own CPU time is not included. With two cores, the load generator shares one with a worker.'
  return [
    {
      id: 'workers-protected',
      title: 'Workers: GET /protected',
      note,
      entries: entriesOf(await generator.rotate(sessions.map(({ access_token }) => getProtected(access_token)))),
      ratios,
    },
    {
      id: 'workers-refresh',
      title: 'Workers: POST /token, grant_type=refresh_token',
      note,
      entries: entriesOf(await generator.refresh(sessions.map(({ refresh_token }) => refresh_token))),
      ratios,
    },
  ]
}
