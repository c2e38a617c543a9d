import { createClient, SesameError } from '@sesame-auth/client'
import { runScenario } from './scenario.mjs'

globalThis.runScenario = (baseUrl, username) => runScenario({ createClient, SesameError }, baseUrl, username)

/** Calls an operation by a relative base URL. @returns the URL of the response, which does not come from a service */
globalThis.callFrom = (baseUrl) =>
  createClient({ baseUrl })
    .readLiveness()
    .catch(({ code, detail }) => `${code} ${/(?<=response from )[^:]+:[^:]+:[^:]+(?=: )/.exec(detail)}`)
