import * as oauth from 'oauth4webapi'

const insecure = { [oauth.allowInsecureRequests]: true }

export const createClient = ({ url, clientId, clientSecret }) => {
  const server = { issuer: url, token_endpoint: `${url}/token` }
  const client = { client_id: clientId }
  const authentications = {
    form: oauth.ClientSecretPost(clientSecret),
    basic: oauth.ClientSecretBasic(clientSecret),
    // A client authentication of one's own, which adds nothing.
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
      return (await oauth.processGenericTokenEndpointResponse(server, client, answer)).access_token
    },
    readProtected: async (token) => {
      const target = new URL(`${url}/protected`)
      const answer = await oauth.protectedResourceRequest(token, 'GET', target, undefined, undefined, insecure)
      return answer.json()
    },
    // A code in the body, or in the challenge.
    tell: ({ name, error, error_description: description, status, cause }) => ({
      type: name,
      error: error ?? cause?.[0]?.parameters?.error,
      description,
      status,
    }),
  }
}
