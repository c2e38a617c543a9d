// Starts the programs that the bench measures.
import { fileURLToPath } from 'node:url'
import { main, productionSettings, startServer } from '../../test/support/process.ts'
import { chapterPrograms } from './peers/start-chapter.mjs'

const preload = new URL('cpu-reporter.mjs', import.meta.url)
const peer = (name) => fileURLToPath(new URL(`peers/${name}.mjs`, import.meta.url))

/** The production defaults, with the same issuer for all. The peers use the same key and issuer. */
export const benchSettings = () => ({ ...productionSettings(), ISSUER: 'http://localhost:8000' })

/** Starts a server on Node.
 * @returns the result of `startServer`, with `cpu`, which reads its CPU time in microseconds, and `residentMib` */
export const startNode = async ({ script = main, settings }) => {
  const server = await startServer({ script, settings, preload })
  return {
    ...server,
    cpu: async () => {
      const { user, system } = await server.ask('cpu')
      return user + system
    },
    residentMib: async () => (await server.ask('resident bytes')) / 2 ** 20,
  }
}

/** Sesame and its peers.
 * @param python the result of `findPython`; undefined omits the chapter's server */
export const programs = ({ settings, python }) => [
  { id: 'sesame', name: 'Sesame', start: () => startNode({ settings }) },
  { id: 'koa', name: 'Koa + jsonwebtoken, by hand', start: () => startNode({ script: peer('koa'), settings }) },
  { id: 'fastify', name: 'Fastify + fast-jwt, by hand', start: () => startNode({ script: peer('fastify'), settings }) },
  {
    id: 'node-http',
    name: 'node:http + jsonwebtoken',
    start: () => startNode({ script: peer('node-http'), settings }),
  },
  ...(python ? chapterPrograms(python) : []),
]
