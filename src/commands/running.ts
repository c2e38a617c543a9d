/** A server that runs until it is stopped. */
export interface Running {
  readonly port: number
  /** Text to print once the server can be stopped. */
  readonly banner: string
  readonly stop: Stop
}

/** Drains the server and closes it. On SIGTERM in production, it first waits, so that a load balancer can react. */
export type Stop = (reason: { readonly signal?: string | undefined; readonly err?: unknown }) => Promise<void>
