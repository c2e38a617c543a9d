import { createClient, SesameError } from '@sesame-auth/sesame/client'
import { runScenario } from './scenario.mjs'

globalThis.runScenario = (baseUrl, username) => runScenario({ createClient, SesameError }, baseUrl, username)
