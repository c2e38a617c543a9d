// Generates the types of the contract.
import openapiTypescript, { astToString } from 'openapi-typescript'
import { createResolver, listOperations } from '../operations.mjs'
import { commonHeaders } from './common-headers.mjs'

/** The text of src/contract/generated.ts. */
export const toTypes = async (document) => `// Generated from openapi.yaml by \`npm run generate\`. Do not edit.

${astToString(await openapiTypescript(structuredClone(document))).trim()}

/** The operations that require a token. */
export type SecuredOperationId = ${toUnion(securedOperationIds(document))}

/** The headers of every response; http/headers.ts sets them. */
export type CommonHeader = ${toUnion(commonHeaders)}
`

const securedOperationIds = (document) =>
  listOperations(document, createResolver(document))
    .filter(({ security }) => security?.length > 0)
    .map(({ operationId }) => operationId)

const toUnion = (names) =>
  names
    .toSorted()
    .map((name) => `'${name}'`)
    .join(' | ') || 'never'
