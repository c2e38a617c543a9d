import { afterAll } from '@jest/globals'
import { mock } from '../../src/commands/mock.ts'
import { readContract } from '../../src/contract/document.ts'

const stops: (() => Promise<void>)[] = []
afterAll(() => Promise.all(stops.map((stop) => stop())))

/** Starts a mock of the contract, which answers at once: for tests of what `verify` says of a server at fault, as soon as
 * the fault stands in front.
 * @returns its url */
export const startMock = async (): Promise<string> => {
  const running = await mock({
    environment: { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' },
    readDocument: readContract,
    stdout: { fd: 1, isTTY: false },
    print: () => undefined,
  })
  stops.push(running.stop)
  return `http://127.0.0.1:${running.port}`
}
