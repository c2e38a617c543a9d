import type { Change } from './compare.mjs'

export const reportChanges: (changes: readonly Change[]) => readonly string[]
