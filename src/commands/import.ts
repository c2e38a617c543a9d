import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs'
import { systemClock } from '../clock.ts'
import { importLines, type ImportResult } from '../transfer/import.ts'
import { linesOf } from '../transfer/lines.ts'
import { sesame } from '../package.ts'
import { counted, inUnits } from '../wording.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './command.ts'
import { reasonOf, withCurrentDatabase } from './database.ts'
import { createProgress, type TerminalStream } from './progress.ts'

interface Source {
  readonly chunks: AsyncIterable<Uint8Array>
  /** In bytes. Undefined for a pipe. */
  readonly size: number | undefined
}

/** Runs `sesame import`. Resolves to 1 if a line was not imported.
 * @param file undefined or `-` for the standard input */
export const importFile = async (
  file: string | undefined,
  { isAtomic }: { readonly isAtomic: boolean },
  { environment, stdin, stdout, stderr }: CommandContext,
): Promise<number> => {
  const { chunks, size } = open(file, stdin)
  const meter = createMeter(stderr, size)
  const onRejected = (number: number, fault: string): void => {
    meter.clear()
    stderr.write(number === 0 ? `error: ${fault}\n` : `line ${number} ${fault}\n`)
  }
  const imported = await withCurrentDatabase(environment, async (database) => {
    const nowSeconds = systemClock.nowSeconds()
    const options = { isAtomic, onRejected, onProgress: meter.onLines, nowSeconds }
    try {
      return await importLines(database, linesOf(chunks, meter.onBytes), options)
    } catch (error) {
      throw new CommandError(`The import has stopped: ${reasonOf(error)}.`)
    } finally {
      meter.clear()
    }
  })
  stdout.write(`${summaryOf(imported)}\n`)
  return imported.invalid + imported.existing === 0 ? 0 : 1
}

const summaryOf = ({ accounts, sessions, invalid, existing, isCommitted }: ImportResult): string => {
  const kept = isCommitted ? `${counted(accounts, 'account')} and ${counted(sessions, 'session')}` : 'nothing'
  if (invalid + existing === 0) return `Imported ${kept}.`
  return `Imported ${kept}. Refused ${counted(invalid, 'line')}, skipped ${counted(existing, 'line')} whose account or session already exists.`
}

const open = (file: string | undefined, stdin: CommandContext['stdin']): Source => {
  if (file !== undefined && file !== '-') return openFile(file)
  const chunks = stdin()
  // Otherwise a person who forgets FILE would wait for a command that waits for input.
  if (file === undefined && chunks.isTTY)
    throw new CommandError(
      `import requires a file: \`${sesame} import FILE\`. To type the lines, write - in place of FILE.`,
      2,
    )
  return { chunks, size: undefined }
}

const openFile = (file: string): Source => {
  try {
    const fd = openSync(file, 'r')
    const stats = fstatSync(fd)
    if (!stats.isDirectory())
      return {
        chunks: createReadStream('', { fd, highWaterMark: 2 ** 18 }),
        size: stats.isFile() ? stats.size : undefined,
      }
    closeSync(fd)
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`, 2)
  }
  throw new CommandError(`${file} is a folder`, 2)
}

/** Shows the progress of an import in bytes, with the size of the file if it is known. */
const createMeter = (stderr: TerminalStream, size: number | undefined) => {
  const progress = createProgress(stderr, inUnits)
  const start = performance.now()
  let bytes = 0
  return {
    onBytes: (count: number): void => {
      bytes += count
    },
    onLines: (lines: number): void => {
      const rate = Math.round((1000 * lines) / (performance.now() - start))
      progress.show(bytes, size, `read, ${counted(lines, 'line')}, ${rate} a second`)
    },
    clear: progress.clear,
  }
}
