import { ResourceOwnerPassword } from 'simple-oauth2'

export const createClient = ({ url, clientId, clientSecret }) => {
  const auth = { tokenHost: url, tokenPath: '/token', revokePath: '/revoke' }
  const named = { id: clientId, secret: clientSecret }
  const grants = {
    form: new ResourceOwnerPassword({ client: named, auth, options: { authorizationMethod: 'body' } }),
    basic: new ResourceOwnerPassword({ client: named, auth, options: { authorizationMethod: 'header' } }),
    // The library sends both fields, and both are empty.
    without: new ResourceOwnerPassword({ client: {}, auth, options: { authorizationMethod: 'body' } }),
  }
  return {
    logIn: (how, credentials) => grants[how].getToken(credentials),
    accessTokenOf: ({ token }) => token.access_token,
    isExpired: (tokens) => tokens.expired(),
    refresh: (tokens) => tokens.refresh(),
    revoke: async (tokens) => {
      await tokens.revoke('refresh_token')
    },
    // The library has no function for this.
    readProtected: async (token) => {
      const answer = await fetch(`${url}/protected`, { headers: { Authorization: `Bearer ${token}` } })
      if (!answer.ok) throw answer
      return answer.json()
    },
    tell: (error) => (error.isBoom ? ofBoom(error) : ofAnswer(error)),
  }
}

const ofBoom = ({ output, data }) => ({
  type: 'Boom',
  error: data?.payload?.error,
  description: data?.payload?.error_description,
  status: output.statusCode,
})

const ofAnswer = (answer) => ({
  type: 'plain fetch',
  error: /error="([^"]+)"/.exec(answer.headers?.get('www-authenticate'))?.[1],
  status: answer.status,
})
