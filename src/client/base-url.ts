/** The absolute form of a base URL, without slashes at its end, so that a path can follow. An empty one is the root of
 * the page's origin.
 * @throws TypeError when no request can go there */
export const resolveBaseUrl = (baseUrl: string): string => {
  // What the calls would lose or send elsewhere: another scheme, a query, a fragment.
  const [, url] = /^(https?:[^?#]+?)\/*$/.exec(requestUrl(baseUrl)) ?? []
  if (url) return url
  // Does not show it: it may hold a password.
  throw new TypeError(
    'baseUrl has to be an http or https URL without user, query and fragment, such as http://localhost:8000',
  )
}

/** Where a request would go; a browser resolves it against the page. */
const requestUrl = (baseUrl: string): string => {
  try {
    return new Request(baseUrl || '/').url
  } catch {
    return ''
  }
}
