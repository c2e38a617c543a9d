export declare const contractProblems: (document: unknown) => readonly string[]
