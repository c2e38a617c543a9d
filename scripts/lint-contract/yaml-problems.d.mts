export declare const yamlProblems: (text: string) => readonly string[]
