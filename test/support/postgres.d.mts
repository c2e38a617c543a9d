export interface PostgresServer {
  readonly url: string
  readonly folder: string
  /** As after a crash; resolves when it takes connections again. */
  readonly restart: () => Promise<void>
  readonly stop: () => void
  /** The process that all others of the server are children of. */
  readonly pid: () => number
}
export const remedy: string
export const findPostgres: () => string | undefined
export const startPostgres: (...settings: readonly string[]) => Promise<PostgresServer>
