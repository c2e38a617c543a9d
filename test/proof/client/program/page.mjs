import { createClient, SesameError } from '@sesame-auth/client'
import { runScenario } from './scenario.mjs'

globalThis.runScenario = (baseUrl, username) => runScenario({ createClient, SesameError }, baseUrl, username)

/** Calls from a page by a relative base URL. @returns the URL that answered, which is no service */
globalThis.callFrom = (baseUrl) =>
  createClient({ baseUrl })
    .readLiveness()
    .catch(({ code, detail }) => `${code} ${/\S+(?= answered)/.exec(detail)}`)
