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

/** The operation that a request is for, by the contract alone. */
const operationIdOf = (method: string, path: string): string | undefined => {
  const [plain = ''] = path.split('?')
  return routes.find(plain)?.route.operations.get(method === 'HEAD' ? 'get' : method.toLowerCase())?.id
}

/** Notes for the last test which declared answers were seen. */
export const noteSeen = (operationId: string | undefined, status: number): void => {
  const folder = process.env.SESAME_SEEN
  if (folder) appendFileSync(join(folder, `${process.pid}.txt`), `${operationId ?? ''} ${status}\n`)
}

/** Fails on an answer that the contract does not declare: a status, media type, header or body. */
export const expectDeclared = (operationId: string | undefined, received: Received, isBodyless = false): void => {
  const violations = conformance(operationId, { ...received, body: isBodyless ? undefined : received.text })
  if (violations.length > 0) {
    throw new Error(
      `${operationId ?? 'unmatched'} answered ${received.status}, which is not declared: ${violations.join('; ')}\n${received.text}`,
    )
  }
  noteSeen(operationId, received.status)
}

/** A client that fails on any answer that the contract does not declare. */
export const contractClient =
  (url: string): Client =>
  async (sent) => {
    const received = await send(url, sent)
    const method = sent.method ?? 'GET'
    expectDeclared(operationIdOf(method, sent.path), received, method === 'HEAD')
    return received
  }

/** What a log-in gets that asks for none in particular. */
export const allScopes = declaredScopes(document).join(' ')
