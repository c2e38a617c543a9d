// Runs a benchmark by its name. They measure and judge nothing but a stated target; the exit status is 1 only when
// the measurement itself fails.
const benches = new Map([
  ['protected', 'GET /protected: CPU time per request, against Koa + jsonwebtoken by hand'],
  ['stores', 'log-in, refresh, /protected: CPU time per request on 10^3 and on 10^5 accounts (10^6: stores full)'],
])

const [name, ...words] = process.argv.slice(2)
if (!benches.has(name)) {
  console.error('usage: npm run bench -- NAME\n')
  for (const [known, description] of benches) console.error(`  ${known.padEnd(9)}   ${description}`)
  process.exit(1)
}
const { run } = await import(`./bench/${name}.mjs`)
await run(words)
process.exit()
