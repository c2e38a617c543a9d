import { type ContractDocument, readContract } from '../../src/contract/document.ts'
import type { Result } from '../../src/verify/check.ts'
import { type Options, type Verification, verify } from '../../src/verify/verify.ts'

export const document = readContract()

/** A copy that a test may change. In Jest, the objects of a structured clone belong to another realm. */
export const copyOf = (original: ContractDocument): any => JSON.parse(JSON.stringify(original))

/** Keeps only some paths of a contract, so that a run takes less time. */
export const only = (contract: ContractDocument, ...paths: readonly string[]): ContractDocument => ({
  ...contract,
  paths: Object.fromEntries(Object.entries(contract.paths).filter(([path]) => paths.includes(path))),
})

/** Verifies a server as `sesame verify --behind-proxy` does. */
export const run = (url: string, options: Partial<Options> = {}): Promise<Verification> =>
  verify({
    baseUrl: new URL(url),
    document,
    isBehindProxy: true,
    timeoutSeconds: 10,
    onProgress: () => undefined,
    ...options,
  })

export const failuresOf = (results: readonly Result[]): readonly Result[] =>
  results.filter(({ broken }) => broken.length > 0)

export const rulesOf = (results: readonly Result[]): readonly string[] => [
  ...new Set(failuresOf(results).flatMap(({ broken }) => broken)),
]

export const titlesOf = (results: readonly Result[]): readonly string[] => results.map(({ title }) => title)
