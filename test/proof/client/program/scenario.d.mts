/** What the scenario must see, as JSON. */
export const expected: (username: string) => Readonly<Record<string, unknown>>
