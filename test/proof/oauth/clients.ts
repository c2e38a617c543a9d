// Lists the client libraries, and runs the program that drives each of them.
import { root, runProgram } from '../../support/process.ts'
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages } from '../npm.ts'

/** The report of a library on one check. */
export interface Said {
  readonly value?: any
  readonly error?: Readonly<Record<'type' | 'error' | 'description', string>> & { readonly status: number }
}

export type Report = Readonly<Record<string, unknown>>

export interface Client {
  readonly name: string
  readonly version?: string
  readonly errorType: string
  /** Runs the library with the setup of `program/run.mjs`. */
  readonly run: (setup: object) => Promise<Report>
}

// `errorType` names the error that the library throws for an error of the token endpoint.
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

/** Installs the npm packages. The other libraries belong to `python`. */
export const openClients = (python: string): readonly Client[] => {
  const folder = installPackages(Object.fromEntries(nodeClients.map(({ name, version }) => [name, version])))
  const drivers = join(root, 'test', 'proof', 'oauth', 'program')
  // A module finds packages from its own folder.
  cpSync(drivers, folder, { recursive: true })
  const runNode =
    (name: string): Client['run'] =>
    (setup) =>
      runDriver(process.execPath, [join(folder, 'run.mjs'), `./${name}.mjs`, JSON.stringify(setup)])
  const runPython =
    (module: string): Client['run'] =>
    (setup) =>
      runDriver(python, ['-B', join(drivers, 'run.py'), module, JSON.stringify(setup)])
  return [
    ...nodeClients.map((client) => ({ ...client, run: runNode(client.name) })),
    ...pythonClients.map((client) => ({ ...client, run: runPython(client.module) })),
  ]
}

/** Finds a Python that has the libraries; undefined where none has. Debian's packages belong to /usr/bin/python3, which
 * may not be the first one on the PATH. */
export const findPython = (): string | undefined =>
  ['python3', '/usr/bin/python3', 'python'].find(
    (python) => spawnSync(python, ['-c', 'import authlib, requests_oauthlib']).status === 0,
  )

const runDriver = async (program: string, args: readonly string[]): Promise<Report> => {
  const { status, stdout, stderr } = await runProgram(program, args, { timeout: runMilliseconds })
  if (status !== 0)
    throw new Error(`${args.join(' ')} ended with ${status}:
${stderr}`)
  return JSON.parse(stdout) as Report
}
