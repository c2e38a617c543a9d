const { createClient, SesameError } = require('@sesame-auth/client')

const [baseUrl, username] = process.argv.slice(2)
const run = async () => {
  const { runScenario } = await import('./scenario.mjs')
  console.log(JSON.stringify(await runScenario({ createClient, SesameError }, baseUrl, username)))
}
void run()
