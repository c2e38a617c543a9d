import { mock } from '../../src/commands/mock.ts'
import { readContract } from '../../src/contract/document.ts'
import { atEnd } from './at-end.ts'

/** Starts a mock of the contract. It hashes nothing, so that tests of `verify` against a faulty server take less time.
 * @returns its URL */
export const startMock = async (): Promise<string> => {
  const running = await mock({
    environment: { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' },
    readDocument: readContract,
    stdout: { fd: 1, isTTY: false },
    print: () => undefined,
  })
  atEnd(running.stop)
  return `http://127.0.0.1:${running.port}`
}
