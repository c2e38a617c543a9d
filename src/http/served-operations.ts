import type { ContractDocument } from '../contract/document.ts'
import { operationsOf } from '../contract/operations.ts'
import { createBodyReader } from './body.ts'
import { withBasicClient } from './client-credentials.ts'
import type { ServedOperation } from './context.ts'

const defaultBodyLimitBytes = 16_384

export const servedOperations = (document: ContractDocument): readonly ServedOperation[] =>
  operationsOf(document).map((operation) => {
    const { body, responses } = operation
    const readBody = body && createBodyReader(body.mediaTypes, body.limitBytes ?? defaultBodyLimitBytes)
    const isOAuth = responses.get(500)?.mediaType === 'application/json'
    return {
      ...operation,
      readBody: readBody && isOAuth ? withBasicClient(readBody) : readBody,
      errorForm: isOAuth ? 'oauth' : 'problem',
    }
  })
