/** The texts of the files, by their paths. */
export declare const toCollections: (document: object) => Promise<Readonly<Record<string, string>>>
