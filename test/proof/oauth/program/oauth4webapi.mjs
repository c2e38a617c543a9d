import * as oauth from 'oauth4webapi'

const insecure = { [oauth.allowInsecureRequests]: true }

// The library does not compute the expiry itself.
const withExpiry = (tokens) => ({ ...tokens, expiresAt: Date.now() + tokens.expires_in * 1000 })

export const createClient = ({ url, clientId, clientSecret }) => {
  const server = { issuer: url, token_endpoint: `${url}/token`, revocation_endpoint: `${url}/revoke` }
  const client = { client_id: clientId }
  const authentications = {
    form: oauth.ClientSecretPost(clientSecret),
    basic: oauth.ClientSecretBasic(clientSecret),
    // A custom client authentication that adds nothing.
    without: () => undefined,
  }
  return {
    logIn: async (how, credentials) => {
      const authentication = authentications[how]
      const answer = await oauth.genericTokenEndpointRequest(
        server,
        client,
        authentication,
        'password',
        credentials,
        insecure,
      )
      return withExpiry(await oauth.processGenericTokenEndpointResponse(server, client, answer))
    },
    accessTokenOf: ({ access_token: accessToken }) => accessToken,
    isExpired: ({ expiresAt }) => Date.now() >= expiresAt,
    refresh: async ({ refresh_token: refreshToken }) => {
      const answer = await oauth.refreshTokenGrantRequest(server, client, authentications.form, refreshToken, insecure)
      return oauth.processRefreshTokenResponse(server, client, answer)
    },
    revoke: async ({ refresh_token: refreshToken }) => {
      const answer = await oauth.revocationRequest(server, client, authentications.form, refreshToken, insecure)
      return oauth.processRevocationResponse(answer)
    },
    readProtected: async (token) => {
      const target = new URL(`${url}/protected`)
      const answer = await oauth.protectedResourceRequest(token, 'GET', target, undefined, undefined, insecure)
      return answer.json()
    },
    // The code is in the body or in the challenge.
    tell: ({ name, error, error_description: description, status, cause }) => ({
      type: name,
      error: error ?? cause?.[0]?.parameters?.error,
      description,
      status,
    }),
  }
}
