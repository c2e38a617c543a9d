// Parses the command line of the bench.
import { parseArgs } from 'node:util'

const benches = {
  all: 'everything below',
  protected: 'GET /protected, beside hand-written peers: one token, 1 000 tokens, new tokens, a wide contract',
  failures: 'an invalid token, a forged one, a 404, a 422, beside the same peers',
  refresh: 'a refresh, and GET /protected for comparison',
  passwords: 'a log-in and a sign-up, beside argon2id alone',
  'start-up': 'the time to the first response, and the idle memory',
  bytes: 'bytes per account and per session',
  stores: 'memory, SQLite and PostgreSQL, with few accounts and many',
  workers: '1 and 2 workers on PostgreSQL',
  render: 'no measurement: rewrites docs/benchmarks.md and .svg from docs/benchmarks.json',
}

export const usage = `usage: npm run bench -- NAME... [options]

${Object.entries(benches)
  .map(([name, text]) => `  ${name.padEnd(10)} ${text}`)
  .join('\n')}

options:
  --rounds N  the number of rounds, 1 to 80 (15; with --quick 3)
  --quick     a trial of a minute or two with few requests
  --full      10^6 accounts instead of 10^5 in the stores
  --json      print one JSON document; use \`npm run --silent bench\`
  --record    with all: write docs/benchmarks.json, .md and .svg
`

const defaultRounds = { usual: 15, quick: 3 }
// More rounds would need more than 100 000 tokens.
const maxRounds = 80
const minRoundsOfRecord = 8

const flags = ['quick', 'full', 'json', 'record']
const all = Object.keys(benches).filter((name) => name !== 'all' && name !== 'render')

/** @returns `names` of the benches, `rounds` and the flags
 * @throws Error for the user */
export const readOptions = (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { rounds: { type: 'string' }, ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' }])) },
  })
  if (positionals.length === 0) throw new Error('name at least one bench')
  for (const name of positionals) if (!Object.hasOwn(benches, name)) throw new Error(`unknown bench "${name}"`)
  const isAll = positionals.includes('all')
  if (positionals.includes('render') && positionals.length > 1)
    throw new Error('render cannot be combined with other names')
  const { quick = false, full = false, json = false, record = false } = values
  const rounds = readRounds(values.rounds ?? String(quick ? defaultRounds.quick : defaultRounds.usual))
  if (record && (!isAll || quick || rounds < minRoundsOfRecord))
    throw new Error(`--record needs all, at least ${minRoundsOfRecord} rounds, and no --quick`)
  return { names: isAll ? all : [...new Set(positionals)], rounds, quick, full, json, record }
}

const readRounds = (text) => {
  const rounds = Number(text)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > maxRounds)
    throw new Error(`--rounds takes a number from 1 to ${maxRounds}`)
  return rounds
}
