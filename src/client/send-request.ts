/** Sends a request, as the global `fetch` does. */
export type SendRequest = (request: Request) => Promise<Response>
