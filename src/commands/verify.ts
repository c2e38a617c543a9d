import { closeSync, openSync, writeFileSync } from 'node:fs'
import { readContract } from '../contract/document.ts'
import type { Result } from '../verify/check.ts'
import { junitReport, textReport } from '../verify/report.ts'
import { verify } from '../verify/verify.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './command.ts'
import { createProgress } from './progress.ts'

interface VerifyOptions {
  readonly 'expired-token'?: string | undefined
  readonly 'behind-proxy'?: boolean | undefined
  readonly all?: boolean | undefined
  readonly timeout: string
  readonly report?: string | undefined
}

/** Runs `sesame verify`. Resolves to 1 if a check fails. */
export const verifyServer = async (
  url: string,
  options: VerifyOptions,
  { stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>,
): Promise<number> => {
  const baseUrl = readBaseUrl(url)
  const timeoutSeconds = readSeconds(options.timeout)
  const { report } = options
  if (report !== undefined) requireWritable(report)
  const writeReport = (results: readonly Result[]): void => {
    if (report === undefined) return
    try {
      writeFileSync(report, junitReport(baseUrl, results))
    } catch (error) {
      throw new CommandError(`${report} cannot be written: ${(error as Error).message}`)
    }
  }
  const document = readContract()
  const progress = createProgress(stderr)
  const verification = await verify({
    baseUrl,
    document,
    expiredToken: options['expired-token'],
    isBehindProxy: options['behind-proxy'] ?? false,
    acceptsAnyServer: options.all ?? false,
    timeoutSeconds,
    onProgress: progress.show,
  })
    .catch((error: unknown) => {
      const reason = `${baseUrl.href} cannot be verified: ${(error as Error).message}`
      writeReport([notVerified(reason)])
      throw new CommandError(reason)
    })
    .finally(progress.clear)
  stdout.write(`${textReport(document, baseUrl, verification)}\n`)
  writeReport(verification.results)
  return verification.results.every(({ broken }) => broken.length === 0) ? 0 : 1
}

const notVerified = (reason: string): Result => ({
  operationId: undefined,
  title: 'the server can be verified',
  broken: [reason],
  seconds: 0,
})

/** Checks before the run that the report can be written. */
const requireWritable = (path: string): void => {
  try {
    closeSync(openSync(path, 'a'))
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${(error as Error).message}`, 2)
  }
}

const readBaseUrl = (given: string): URL => {
  const baseUrl = URL.canParse(given) ? new URL(given) : undefined
  if (!baseUrl || !/^https?:$/.test(baseUrl.protocol))
    throw new CommandError(`${given} is not an http or https URL: use one such as http://localhost:8000`, 2)
  if (baseUrl.username || baseUrl.password || baseUrl.search || baseUrl.hash)
    throw new CommandError('The base URL may have a path, but no name, password, query or fragment.', 2)
  return baseUrl
}

const readSeconds = (given: string): number => {
  const seconds = Number(given)
  if (seconds > 0 && seconds <= 3600) return seconds
  throw new CommandError('--timeout takes seconds, up to 3600.', 2)
}
