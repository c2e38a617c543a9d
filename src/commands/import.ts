import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { type Imported, importLines } from '../moving/import.ts'
import { linesOf } from '../moving/lines.ts'
import { reasonOf } from './database.ts'
import { withCurrentDatabase } from './moving-database.ts'
import { createProgress, type TerminalStream } from './progress.ts'

export const importUsage = `Usage: npm run sesame -- import [FILE] [--atomic]

Adds accounts and sessions to DATABASE_URL: from what \`sesame export\` has written, or from elsewhere, one JSON object a line:
  {"username":"licat","password_hash":"$2b$12$...","created_at":1790000000}
created_at, seconds since 1970, may be left out. The hash is one of argon2id, argon2i, bcrypt, scrypt or PBKDF2, as PHC, passlib
or Django write it. Without FILE, or with -, the lines come from the standard input.

What is there stays as it is. Each line that is not kept is reported with its number and the reason. An import that was broken
off can be begun again.

Options:
  --atomic  keep all or nothing; with SQLite nobody else can write for as long as it takes
  --help    show this

The exit status is 0 when every line was kept, 1 when one was not, 2 when the command line or a setting is wrong.`

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdin: () => AsyncIterable<Uint8Array>
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
}

/** Runs `sesame import`.
 * @returns the exit status */
export const runImport = async (
  words: readonly string[],
  { environment, stdin, stdout, stderr }: Surroundings,
): Promise<number> => {
  const command = readCommand(words)
  if ('help' in command) {
    stdout.write(`${importUsage}\n`)
    return 0
  }
  const print = (line: string): unknown => stderr.write(`${line}\n`)
  if ('problem' in command) {
    print(`error: ${command.problem}\n\n${importUsage}`)
    return 2
  }
  const { fd, isAtomic } = command
  return withCurrentDatabase(environment, print, async (database) => {
    const meter = createMeter(stderr, fd === undefined ? undefined : sizeOf(fd))
    const onBad = (number: number, fault: string): void => {
      meter.clear()
      print(number === 0 ? `error: ${fault}` : `line ${number} ${fault}`)
    }
    const chunks = fd === undefined ? stdin() : createReadStream('', { fd, highWaterMark: 2 ** 18 })
    try {
      const nowSeconds = systemClock.nowSeconds()
      const imported = await importLines(database, linesOf(chunks, meter.onBytes), {
        isAtomic,
        onBad,
        onProgress: meter.onLines,
        nowSeconds,
      })
      meter.clear()
      stdout.write(`${summaryOf(imported)}\n`)
      return imported.bad + imported.known === 0 ? 0 : 1
    } catch (error) {
      meter.clear()
      print(`error: The import was broken off: ${reasonOf(error)}.`)
      return 1
    }
  })
}

const summaryOf = ({ accounts, sessions, bad, known, isKept }: Imported): string =>
  [
    isKept ? `Imported accounts: ${accounts}, sessions: ${sessions}.` : 'Imported nothing.',
    ...(bad + known === 0 ? [] : [`Lines at fault: ${bad}, there already: ${known}.`]),
  ].join(' ')

/** Undefined for a pipe. */
const sizeOf = (fd: number): number | undefined => {
  const stats = fstatSync(fd)
  return stats.isFile() ? stats.size : undefined
}

const mebibyte = 2 ** 20

/** Shows how far an import is, by the bytes of its file where their number is known. */
const createMeter = (stderr: TerminalStream, size: number | undefined) => {
  const progress = createProgress(stderr)
  const total = size === undefined ? undefined : Math.max(1, Math.ceil(size / mebibyte))
  const start = performance.now()
  let bytes = 0
  return {
    onBytes: (count: number): void => {
      bytes += count
    },
    onLines: (lines: number): void => {
      const rate = Math.round((1000 * lines) / (performance.now() - start))
      progress.show(Math.floor(bytes / mebibyte), total, `MiB, ${lines} lines, ${rate} a second`)
    },
    clear: progress.clear,
  }
}

type Command =
  /** Without a file, what is read is the standard input. */
  | { readonly fd: number | undefined; readonly isAtomic: boolean }
  | { readonly help: true }
  | { readonly problem: string }

const readCommand = (words: readonly string[]): Command => {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { atomic: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return { help: true }
    const [file = '-', ...more] = positionals
    if (more.length > 0) return { problem: 'Give one file.' }
    return { fd: file === '-' ? undefined : openFile(file), isAtomic: values.atomic }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

const openFile = (file: string): number => {
  const fd = openSync(file, 'r')
  if (!fstatSync(fd).isDirectory()) return fd
  closeSync(fd)
  throw new Error(`${file} is a folder.`)
}
