import { expect, test } from '@jest/globals'
import { type ContractDocument, readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { displayedDocument } from '../../src/http/docs-page/document.ts'
import { pageTexts } from '../../src/http/docs-page/texts.ts'

const contract = readContract()
const displayed = displayedDocument(contract, pageTexts.en) as ContractDocument

test('the displayed document has the operations of the contract, the first three in front', () => {
  const idsOf = (document: ContractDocument) => operationsOf(document).map(({ id }) => id)
  expect(idsOf(displayed).slice(0, 3)).toEqual(['signup', 'issueToken', 'readProtected'])
  expect(idsOf(displayed).toSorted()).toEqual(idsOf(contract).toSorted())
})

test('the displayed document has every status of every operation', () => {
  for (const { path, method, responses } of operationsOf(contract)) {
    const rows = Object.keys(displayed.paths[path]?.[method]?.responses ?? {})
    const statuses = rows.flatMap((row) => row.split(', ').map(Number))
    expect([path, method, statuses.toSorted()]).toEqual([path, method, [...responses.keys()].toSorted()])
  }
})

test('displaying a document leaves the contract unchanged', () => {
  expect(contract).toEqual(readContract())
})

test('a document without a log-in by password keeps its plain bearer scheme', () => {
  const { bearer } = contract.components.securitySchemes
  if (!bearer) throw new Error('The contract has no plain bearer scheme')
  const components = { ...contract.components, securitySchemes: { bearer } }
  const shown = displayedDocument({ ...contract, components }, pageTexts.en) as ContractDocument
  expect(shown.components.securitySchemes).toEqual({ bearer })
  expect(shown.paths['/logout']?.post?.security).toContainEqual({ bearer: [] })
})
