// The client libraries, each with the program that drives it.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages } from '../install.mjs'
import { root } from '../server.mjs'

// `errorType` is what the library itself throws at a token endpoint's error.
const nodeClients = [
  { name: 'oauth4webapi', version: '3.8.8', errorType: 'ResponseBodyError' },
  { name: 'openid-client', version: '6.9.0', errorType: 'ResponseBodyError' },
  { name: 'simple-oauth2', version: '5.1.0', errorType: 'Boom' },
]
const pythonClients = [
  { name: 'authlib', module: 'authlib_client', errorType: 'OAuthError' },
  { name: 'requests-oauthlib', module: 'requests_oauthlib_client', errorType: 'InvalidGrantError' },
]
const runMilliseconds = 60_000

/** Installs the npm packages; `python` has the others.
 * @returns the clients, each with `run`, which takes what `run.mjs` calls the setup to what the library reports; and
 * `remove` */
export const openClients = (python) => {
  const folder = installPackages(Object.fromEntries(nodeClients.map(({ name, version }) => [name, version])))
  const drivers = join(root, 'scripts', 'proof', 'oauth')
  // A module finds packages from where it lies.
  cpSync(drivers, folder.path, { recursive: true })
  const runNode = (name) => (setup) =>
    runDriver(process.execPath, [join(folder.path, 'run.mjs'), `./${name}.mjs`, JSON.stringify(setup)])
  const runPython = (module) => (setup) =>
    runDriver(python, ['-B', join(drivers, 'run.py'), module, JSON.stringify(setup)])
  const clients = [
    ...nodeClients.map((client) => ({ ...client, run: runNode(client.name) })),
    ...pythonClients.map((client) => ({ ...client, run: runPython(client.module) })),
  ]
  return { clients, remove: folder.remove }
}

/** The Python that has the libraries; undefined where none has. Debian's packages belong to Debian's own, which need
 * not be the first one of the PATH. */
export const findPython = () =>
  ['python3', '/usr/bin/python3', 'python'].find(
    (python) => spawnSync(python, ['-c', 'import authlib, requests_oauthlib']).status === 0,
  )

const runDriver = async (program, args) => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: runMilliseconds })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (said[name] += text))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${said.stderr}`)
  return JSON.parse(said.stdout)
}
