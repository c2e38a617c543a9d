// Orders the requests so that each one finds what it needs.

/** Orders the requests of a run. GET requests without a token come first, and the others keep the contract's order.
 * After a request that may end the session, a log-in precedes the next request with a token. */
export const toRun = (requests) => {
  const logIn = requests.find(({ tokenMember }) => tokenMember !== undefined)
  const isFree = ({ method, requiresToken }) => method === 'GET' && !requiresToken
  const ordered = [...requests.filter(isFree), ...requests.filter((request) => !isFree(request))]
  let ending
  return ordered.flatMap((request) => {
    const isLoggedIn = ending === undefined || !request.requiresToken
    const again = isLoggedIn ? [] : [toRepeated(logIn, ending)]
    if (!isLoggedIn) ending = undefined
    if (isEnding(request)) ending = request
    return [...again, request]
  })
}

/** Whether a request may end the session: it requires a token, is not a GET, and has no body. */
const isEnding = ({ method, requiresToken, body }) => method !== 'GET' && requiresToken && body === undefined

const toRepeated = (logIn, ending) => ({
  ...logIn,
  id: `${logIn.id} after ${ending.id}`,
  name: `${logIn.name}, again`,
  description: `Logs in again, because _${ending.name}_ may have ended the session.`,
  isRepeated: true,
})
