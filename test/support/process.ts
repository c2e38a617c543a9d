import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from '@jest/globals'

export const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const folders: string[] = []
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export interface ServerProcess {
  readonly child: ChildProcess
  readonly folder: string
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves once the output has the text. */
  readonly says: (text: string) => Promise<void>
  readonly exit: Promise<number | null>
}

/** A new empty folder, which is removed at the end. */
export const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sesame-test-'))
  folders.push(folder)
  return folder
}

/** Starts `node dist/main.js` in an empty folder, with no setting but the given ones. */
export const startProcess = (
  environment: Readonly<Record<string, string>>,
  folder = emptyFolder(),
  words: readonly string[] = [],
  { script = main, stdout = 'pipe' }: { readonly script?: string; readonly stdout?: 'pipe' | number } = {},
): ServerProcess => {
  const { PATH = '', SystemRoot = '' } = process.env
  const child = spawn(process.execPath, [script, ...words], {
    cwd: folder,
    env: { PATH, SystemRoot, ...environment },
    stdio: ['pipe', stdout, 'pipe'],
  })
  children.add(child)
  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const look of waiting) look()
    })
  }
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!`${output.stderr}${output.stdout}`.includes(text)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void exit.then(() => reject(new Error(`It ended without saying ${text}:\n${output.stderr}${output.stdout}`)))
    })
  return { child, folder, stdout: () => output.stdout, stderr: () => output.stderr, says, exit }
}

/** The address that a started process announces. */
export const urlOf = async ({ says, stderr }: ServerProcess): Promise<string> => {
  await says('contract  ')
  return /service +(\S+)/.exec(stderr())?.[1] ?? ''
}
