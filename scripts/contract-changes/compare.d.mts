export interface Change {
  readonly isBreaking: boolean
  readonly place: string
  readonly text: string
}

export const compareContracts: (released: object, current: object) => readonly Change[]
