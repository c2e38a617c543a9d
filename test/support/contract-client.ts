import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConformance } from '../../src/contract/conformance.ts'
import { declaredScopes, readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { createRoutes } from '../../src/contract/routes.ts'
import { type Client, type Received, send } from './http.ts'

export {
  type Client,
  form,
  logIn,
  readProtected,
  type Received,
  refresh,
  send,
  type Sent,
  signUp,
  withToken,
} from './http.ts'

const document = readContract()
const conformance = createConformance(document)
const routes = createRoutes(operationsOf(document))

/** Finds the operation of a request in the contract, without asking the service. */
const operationIdOf = (method: string, path: string): string | undefined => {
  const [plain = ''] = path.split('?')
  return routes.find(plain)?.route.operations.get(method === 'HEAD' ? 'get' : method.toLowerCase())?.id
}

/** Records that a declared response was seen. The test in test/last reads these records. */
export const noteSeen = (operationId: string | undefined, status: number): void => {
  const folder = process.env.SESAME_SEEN
  if (folder) appendFileSync(join(folder, `${process.pid}.txt`), `${operationId ?? ''} ${status}\n`)
}

/** Throws where the contract does not declare the status, the media type, a header or the body of a response. */
export const expectDeclared = (operationId: string | undefined, received: Received, isBodyless = false): void => {
  const violations = conformance(operationId, { ...received, body: isBodyless ? undefined : received.text })
  if (violations.length > 0) {
    throw new Error(
      `${operationId ?? 'unmatched'} answered ${received.status}, which is not declared: ${violations.join('; ')}\n${received.text}`,
    )
  }
  noteSeen(operationId, received.status)
}

/** A client that throws on every response that the contract does not declare. */
export const contractClient =
  (url: string): Client =>
  async (sent) => {
    const received = await send(url, sent)
    const method = sent.method ?? 'GET'
    expectDeclared(operationIdOf(method, sent.path), received, method === 'HEAD')
    return received
  }

/** The scopes of a log-in that names none. */
export const allScopes = declaredScopes(document).join(' ')
