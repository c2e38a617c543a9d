import { closeSync, openSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readContract } from '../contract/document.ts'
import type { Result } from '../verify/checks.ts'
import { junitReport, textReport } from '../verify/report.ts'
import { verify } from '../verify/run.ts'
import { createProgress, type TerminalStream } from './progress.ts'

export const verifyUsage = `Usage: npm run sesame -- verify BASE_URL [options]

Runs the contract (openapi.yaml) against a server, this one or one that replaces it, by HTTP alone: every example,
and for every operation what follows from its schemas, its security, its methods and its headers. Every answer is
checked against the contract. Signs up accounts of its own, and deletes them at the end.

Options:
  --expired-token TOKEN  an access token that has expired; otherwise one is awaited where tokens live 10 s at most
  --behind-proxy         leave out what a proxy in front answers by itself, and the headers that it adds
  --timeout SECONDS      how long an answer may take; 10 unless said otherwise
  --report FILE          write the results as JUnit XML, too
  --help                 show this

The exit status is 0 when every check has passed, 1 when one has failed, 2 when the command line is wrong.

Example: npm run sesame -- verify http://localhost:8000 --report junit.xml`

/** What a terminal gives a command. */
export interface Terminal {
  readonly print: (line: string) => unknown
  readonly stderr: TerminalStream
}

/** Runs `sesame verify`.
 * @returns the exit status */
export const runVerify = async (words: readonly string[], { print, stderr }: Terminal): Promise<number> => {
  const command = readCommand(words)
  if ('problem' in command) {
    print(`error: ${command.problem}\n\n${verifyUsage}`)
    return 2
  }
  if ('help' in command) {
    print(verifyUsage)
    return 0
  }
  const { report, ...options } = command
  const fault = report === undefined ? undefined : faultOfFile(report)
  if (fault !== undefined) {
    print(`error: ${report} cannot be written: ${fault}`)
    return 2
  }
  const { baseUrl } = options
  const document = readContract()
  const progress = createProgress(stderr)
  try {
    const verification = await verify({ ...options, document, onProgress: progress.show })
    progress.clear()
    print(textReport(document, baseUrl, verification))
    if (report !== undefined) writeFileSync(report, junitReport(baseUrl, verification.results))
    return verification.results.every(({ broken }) => broken.length === 0) ? 0 : 1
  } catch (error) {
    progress.clear()
    const reason = `${baseUrl.href} cannot be verified: ${(error as Error).message}`
    print(`error: ${reason}`)
    if (report !== undefined) writeFileSync(report, junitReport(baseUrl, [notVerified(reason)]))
    return 1
  }
}

const notVerified = (reason: string): Result => ({
  operationId: undefined,
  title: 'the server can be reached',
  broken: [reason],
  seconds: 0,
})

/** Why a file cannot be written, or undefined: better known before the run than after it. */
const faultOfFile = (path: string): string | undefined => {
  try {
    closeSync(openSync(path, 'a'))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

type Command =
  | {
      readonly baseUrl: URL
      readonly expiredToken: string | undefined
      readonly isBehindProxy: boolean
      readonly timeoutSeconds: number
      readonly report: string | undefined
    }
  | { readonly help: true }
  | { readonly problem: string }

const readCommand = (words: readonly string[]): Command => {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        'expired-token': { type: 'string' },
        'behind-proxy': { type: 'boolean' },
        timeout: { type: 'string', default: '10' },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) return { help: true }
    const [given, ...more] = positionals
    if (given === undefined || more.length > 0) return { problem: 'Give one base URL.' }
    const baseUrl = URL.canParse(given) ? new URL(given) : undefined
    if (!baseUrl || !/^https?:$/.test(baseUrl.protocol))
      return { problem: `${given} is no http or https URL: use one such as http://localhost:8000` }
    if (baseUrl.username || baseUrl.password || baseUrl.search || baseUrl.hash)
      return { problem: 'The base URL may have a path, but no name, password, query or fragment.' }
    const timeoutSeconds = Number(values.timeout)
    if (!(timeoutSeconds > 0 && timeoutSeconds <= 3600)) return { problem: '--timeout takes seconds, up to 3600.' }
    return {
      baseUrl,
      expiredToken: values['expired-token'],
      isBehindProxy: values['behind-proxy'] ?? false,
      timeoutSeconds,
      report: values.report,
    }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}
