// Declares the exports of JavaScript files that proofs use.
declare module '*/collections/requests.mjs' {
  export interface Request {
    readonly id: string
    readonly name: string
    readonly path: string
    readonly query: readonly { readonly name: string }[]
    readonly body?: { readonly value: Readonly<Record<string, unknown>> }
    readonly requiresToken: boolean
    readonly keeps: readonly { readonly operationId: string; readonly keys: readonly string[]; readonly name: string }[]
  }
  export const readRequests: (document: unknown) => {
    readonly requests: readonly Request[]
    readonly credentials: Readonly<Record<string, string>>
    readonly tokenUrl: string
  }
}

declare module '*/collections/run.mjs' {
  export const toRun: (requests: readonly { readonly name: string }[]) => readonly { readonly name: string }[]
}

declare module '*/scripts/references.mjs' {
  export const valueAt: (document: unknown, reference: string) => any
}

declare module '*/bench/store-load.mjs' {
  type Cost = Readonly<Record<string, readonly number[]>>
  export const measureStores: (sizes: readonly object[], options: object) => Promise<readonly any[]>
  export const comparisonOf: (measured: readonly Cost[]) => readonly Readonly<Record<string, string>>[]
  export const ratioOf: (costs: readonly number[], others: readonly number[]) => number
}
