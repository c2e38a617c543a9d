import { createClient, SesameError } from '@sesame-auth/client'
import { runScenario } from './scenario.mjs'

const [baseUrl, username] = process.argv.slice(2)
console.log(JSON.stringify(await runScenario({ createClient, SesameError }, baseUrl, username)))
