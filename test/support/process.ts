import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from './at-end.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const main = join(root, 'dist', 'main.js')

/** Makes an empty folder, which is removed at the end. */
export const emptyFolder = (parent = tmpdir()): string => {
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'sesame-test-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

export interface Program {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves once the output contains the text or matches the pattern, to the match of a pattern.
   * @throws where the program ends before that */
  readonly says: (text: string | RegExp) => Promise<RegExpExecArray | undefined>
  readonly exit: Promise<number | null>
  /** Kills the program, and waits for its end. */
  readonly stop: () => Promise<void>
}

export type Environment = Readonly<Record<string, string>>

export interface ProgramOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly stdio?: StdioOptions
  readonly timeout?: number
}

/** Starts a program, which is killed at the end. Its standard input is empty by default. */
export const startProgram = (command: string, args: readonly string[], options: ProgramOptions = {}): Program => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  // The event `close` may wait for a child of the program, which has inherited its output.
  const ended = once(child, 'exit').catch(() => undefined)
  const kill = atEnd(() => {
    child.kill('SIGKILL')
    return ended
  })
  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const look of waiting) look()
    })
  }
  const exit = once(child, 'close').then(([code]) => code as number | null)
  exit.catch(() => undefined)
  const says = (text: string | RegExp): Promise<RegExpExecArray | undefined> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const said = `${output.stderr}${output.stdout}`
        const match = typeof text === 'string' ? undefined : text.exec(said)
        if (match === null || (typeof text === 'string' && !said.includes(text))) return
        waiting.delete(look)
        resolve(match)
      }
      waiting.add(look)
      look()
      exit.then(
        () => reject(new Error(`It ended without saying ${String(text)}:\n${output.stderr}${output.stdout}`)),
        reject,
      )
    })
  const stop = async (): Promise<void> => {
    await kill()
    await exit
  }
  return { child, stdout: () => output.stdout, stderr: () => output.stderr, says, exit, stop }
}

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. */
export const runProgram = async (
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Ended> => {
  const { exit, stdout, stderr } = startProgram(command, args, options)
  return { status: await exit, stdout: stdout(), stderr: stderr() }
}

export interface ServerProcess extends Program {
  readonly folder: string
}

export interface ProcessOptions {
  readonly script?: string
  readonly stdout?: 'pipe' | number
  /** A module that the process loads first. It responds to the messages of `ask`. */
  readonly preload?: URL
}

/** The variables that a process needs on any system. No setting of Sesame is among them. */
export const systemEnvironment = (): Environment => {
  const { PATH = '', SystemRoot = '', TEMP = '' } = process.env
  return { PATH, SystemRoot, TEMP }
}

/** Starts `node dist/main.js` with the given settings only. The folder is empty, so that no `.env` adds others. */
export const startProcess = (
  environment: Environment,
  folder = emptyFolder(),
  words: readonly string[] = [],
  { script = main, stdout = 'pipe', preload }: ProcessOptions = {},
): ServerProcess => ({
  folder,
  ...startProgram(process.execPath, [...(preload ? ['--import', preload.href] : []), script, ...words], {
    cwd: folder,
    env: { ...systemEnvironment(), ...environment },
    stdio: ['pipe', stdout, 'pipe', ...(preload ? (['ipc'] as const) : [])],
  }),
})

/** Waits for the address that a server announces. */
export const urlOf = async ({ says }: Program): Promise<string> => {
  const match = await says(/service +(\S+)\n/)
  return match?.[1] ?? ''
}

/** The settings of a deployment. All others keep their defaults, the log included. */
export const productionSettings = () => ({
  NODE_ENV: 'production',
  DATABASE_URL: 'memory:',
  SECRET_KEY: randomBytes(32).toString('hex'),
  HOST: '127.0.0.1',
  PORT: '0',
})

export interface ServerOptions {
  readonly script?: string | undefined
  readonly settings?: Environment
  readonly preload?: URL
}

export interface StartedServer {
  readonly pid: number
  readonly port: number
  readonly url: string
  /** Sends a message to the preloaded module, and resolves to its response. */
  readonly ask: (question: string) => Promise<any>
  readonly stop: () => Promise<void>
}

/** Starts a server as in production, with its log in a file, and waits until it serves. */
export const startServer = async ({
  script = main,
  settings = productionSettings(),
  preload,
}: ServerOptions = {}): Promise<StartedServer> => {
  const folder = emptyFolder()
  const log = openSync(join(folder, 'log'), 'w')
  const server = startProcess(settings, folder, [], { script, stdout: log, ...(preload && { preload }) })
  closeSync(log)
  const port = Number(new URL(await urlOf(server)).port)
  return {
    pid: server.child.pid ?? 0,
    port,
    url: `http://127.0.0.1:${port}`,
    ask: async (question) => {
      const answered = once(server.child, 'message', { signal: AbortSignal.timeout(10_000) })
      server.child.send(question)
      return (await answered)[0] as unknown
    },
    stop: server.stop,
  }
}
