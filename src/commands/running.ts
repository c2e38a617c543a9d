/** A server that serves until it is stopped. */
export interface Running {
  readonly port: number
  /** What a person is told, once the server can be stopped. */
  readonly banner: string
  readonly stop: Stop
}

/** Drains and closes. A SIGTERM in production comes from a supervisor, whose load balancer is given time. */
export type Stop = (reason: { readonly signal?: string | undefined; readonly err?: unknown }) => Promise<void>
