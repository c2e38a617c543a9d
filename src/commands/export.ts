import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ExportResult, exportDatabase as exportRows } from '../transfer/export.ts'
import { counted } from '../wording.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './command.ts'
import { reasonOf, withCurrentDatabase } from './database.ts'
import { createFile } from './new-file.ts'
import { createProgress, type TerminalStream } from './progress.ts'

/** Runs `sesame export`.
 * @param file undefined for the standard output */
export const exportDatabase = async (
  file: string | undefined,
  { environment, stdout, stderr }: Pick<CommandContext, 'environment' | 'stdout' | 'stderr'>,
): Promise<number> => {
  const progress = createProgress(stderr)
  const { accounts, sessions } = await withCurrentDatabase(environment, async (database) => {
    const exportTo = (stream: Writable): Promise<ExportResult> =>
      exportRows(
        database,
        (blocks) => pipeline(Readable.from(blocks), stream),
        (done, total) => progress.show(done, total, 'accounts and sessions'),
      )
    try {
      return await toOutput(file, stdout, exportTo)
    } catch (error) {
      throw new CommandError(`The export was not finished: ${reasonOf(error)}.`)
    } finally {
      progress.clear()
    }
  })
  stderr.write(`Exported ${counted(accounts, 'account')} and ${counted(sessions, 'session')}.\n`)
  return 0
}

const toOutput = async (
  file: string | undefined,
  stdout: TerminalStream,
  exportTo: (stream: Writable) => Promise<ExportResult>,
): Promise<ExportResult> => {
  if (file === undefined) {
    const write = (block: unknown, _encoding: unknown, done: (error?: Error | null) => void): void => {
      stdout.write(String(block), done)
    }
    return exportTo(new Writable({ write }))
  }
  return createFile(resolve(file), (partial) => exportTo(createWriteStream(partial)))
}
