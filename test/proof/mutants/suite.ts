// Runs the tests that can notice a mutant: first those of its folder, then all others that import it or start a
// process.
import { type ChildProcess, spawn } from 'node:child_process'
import { atEnd } from '../../support/at-end.ts'

interface Place {
  readonly project: string
  readonly environment: Readonly<Record<string, string>>
}

// Less than in jest.config.mjs, because a test that hangs here hangs because of the mutation.
const testMilliseconds = 40_000
const limitMilliseconds = 600_000

// The first entry that a path begins with applies.
const nearTests = [
  { begins: 'src/http', projects: ['memory'], folders: ['http'] },
  { begins: 'src/accounts', projects: ['memory'], folders: ['accounts'] },
  { begins: 'src/sessions', projects: ['memory'], folders: ['sessions'] },
  { begins: 'src/stores/memory', projects: ['memory'], folders: ['stores', 'accounts', 'sessions'] },
  { begins: 'src/stores/sql/postgres', projects: ['postgres'], folders: ['stores', 'postgres'] },
  { begins: 'src/stores', projects: ['sqlite'], folders: ['stores', 'sqlite', 'accounts', 'sessions'] },
  { begins: 'src/commands', projects: ['memory', 'sqlite'], folders: ['commands'] },
]
const elsewhere = ['--testPathIgnorePatterns=/browser/', '--testPathIgnorePatterns=/last/']

/** @param environment of the tests
 * @returns `runAll` and `killerOf`, which resolve to the first failure; undefined where all tests pass */
export const createSuite = ({ project, environment }: Place) => {
  const jest = (...words: readonly string[]) => runJest(words, { project, environment })
  return {
    /** Runs the whole suite. */
    runAll: () => jest(...elsewhere),
    /** Runs the tests that can notice a mutant of the file. */
    killerOf: async (file: string): Promise<string | undefined> => {
      const { projects = [], folders = [] } = nearTests.find(({ begins }) => file.startsWith(begins)) ?? {}
      const near = folders.map((name) => `/test/${name}/`)
      return (
        (await jest('--selectProjects', ...projects, '--testPathPatterns', ...near)) ??
        (await jest(...elsewhere, '--findRelatedTests', file, 'test/support/process.ts'))
      )
    },
  }
}

/** Resolves to the first test that failed or to another error; undefined where all tests pass. */
const runJest = (words: readonly string[], { project, environment }: Place): Promise<string | undefined> =>
  new Promise((resolve) => {
    const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    const given = ['--bail', `--testTimeout=${testMilliseconds}`, '--forceExit', ...words]
    const child = spawn(process.execPath, [...node, 'node_modules/jest/bin/jest.js', ...given], {
      cwd: project,
      env: { ...process.env, TZ: 'UTC', ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      // The programs that the tests start belong to the same process group, and end with it.
      detached: true,
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    const kill = atEnd(() => endGroup(child))
    const limit = setTimeout(kill, limitMilliseconds)
    child.once('close', (code) => {
      clearTimeout(limit)
      kill()
      if (code === 0) resolve(undefined)
      else resolve(code === null ? 'the time limit' : firstFailure(output))
    })
  })

const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

const firstFailure = (output: string): string =>
  /^ +● (?!Console)(.+)$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? 'an error'
