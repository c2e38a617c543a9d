import * as openid from 'openid-client'

export const createClient = ({ url, clientId, clientSecret }) => {
  const authentications = {
    form: openid.ClientSecretPost(clientSecret),
    basic: openid.ClientSecretBasic(clientSecret),
    // A custom client authentication that adds nothing.
    without: () => undefined,
  }
  const configure = (how) => {
    const server = { issuer: url, token_endpoint: `${url}/token`, revocation_endpoint: `${url}/revoke` }
    const configuration = new openid.Configuration(server, clientId, undefined, authentications[how])
    openid.allowInsecureRequests(configuration)
    return configuration
  }
  return {
    logIn: (how, credentials) => openid.genericGrantRequest(configure(how), 'password', credentials),
    accessTokenOf: ({ access_token: accessToken }) => accessToken,
    isExpired: (tokens) => tokens.expiresIn() === 0,
    refresh: ({ refresh_token: refreshToken }) => openid.refreshTokenGrant(configure('form'), refreshToken),
    revoke: ({ refresh_token: refreshToken }) => openid.tokenRevocation(configure('form'), refreshToken),
    readProtected: async (token) => {
      const answer = await openid.fetchProtectedResource(configure('form'), token, new URL(`${url}/protected`), 'GET')
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
