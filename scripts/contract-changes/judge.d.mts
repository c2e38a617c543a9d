import type { Change } from './compare.mjs'

export interface Release {
  readonly version: string
  readonly text: string
  readonly isIntact: boolean
}

export interface Project {
  readonly contract: string
  readonly changelog: string
  readonly packageVersion: string
  readonly releases: readonly Release[]
  readonly otherFiles: readonly string[]
}

export const judge: (project: Project) => {
  readonly version: string
  readonly last?: string | undefined
  readonly changes: readonly Change[]
  readonly problems: readonly string[]
}
