// The order of a run, in which each request finds what it needs.

/** The requests from the first to the last: those that need nothing ask whether the service is there, the others keep
 * the contract's order. Where a session may have ended, a log-in comes before the next request that sends a token. */
export const toRun = (requests) => {
  const logIn = requests.find(({ tokenMember }) => tokenMember !== undefined)
  const isFree = ({ method, asksForToken }) => method === 'GET' && !asksForToken
  const ordered = [...requests.filter(isFree), ...requests.filter((request) => !isFree(request))]
  let ending
  return ordered.flatMap((request) => {
    const isLoggedIn = ending === undefined || !request.asksForToken
    const again = isLoggedIn ? [] : [toRepeated(logIn, ending)]
    if (!isLoggedIn) ending = undefined
    if (isEnding(request)) ending = request
    return [...again, request]
  })
}

/** What changes something for the bearer of a token, and is given nothing to make of it, takes something away. */
const isEnding = ({ method, asksForToken, body }) => method !== 'GET' && asksForToken && body === undefined

const toRepeated = (logIn, ending) => ({
  ...logIn,
  id: `${logIn.id} after ${ending.id}`,
  name: `${logIn.name}, again`,
  description: `Logs in again, because _${ending.name}_ may have ended the session.`,
  isRepeated: true,
})
