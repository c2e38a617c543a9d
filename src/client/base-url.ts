/** Makes a base URL absolute, and removes trailing slashes, so that a path can follow. An empty one means the root of
 * the page's origin.
 * @throws TypeError if no request can go there */
export const resolveBaseUrl = (baseUrl: string): string => {
  // Calls would lose a query or a fragment, and need the scheme http or https.
  const [, url] = /^(https?:[^?#]+?)\/*$/.exec(requestUrl(baseUrl)) ?? []
  if (url) return url
  // The text does not show the URL, which may contain a password.
  throw new TypeError(
    'baseUrl must be an http or https URL without user, query and fragment, such as http://localhost:8000',
  )
}

/** The URL that a request would use. A browser resolves it against the page. */
const requestUrl = (baseUrl: string): string => {
  try {
    return new Request(baseUrl || '/').url
  } catch {
    return ''
  }
}
