export declare const commonHeaders: readonly string[]
export declare const withCommonHeaders: (contract: string) => string
