export interface PostgresServer {
  readonly url: string
  readonly folder: string
  /** Restarts the server as after a crash. Resolves when it accepts connections again. */
  readonly restart: () => Promise<void>
  /** Stops the server as a crash would, and removes its folder. */
  readonly stop: () => void
  /** The id of the parent of all processes of the server. */
  readonly pid: () => number
}
export const remedy: string
export const findPostgres: () => string | undefined
export const startPostgres: (...settings: readonly string[]) => Promise<PostgresServer>
