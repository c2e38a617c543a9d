import { ResourceOwnerPassword } from 'simple-oauth2'

export const createClient = ({ url, clientId, clientSecret }) => {
  const auth = { tokenHost: url, tokenPath: '/token' }
  const named = { id: clientId, secret: clientSecret }
  const grants = {
    form: new ResourceOwnerPassword({ client: named, auth, options: { authorizationMethod: 'body' } }),
    basic: new ResourceOwnerPassword({ client: named, auth, options: { authorizationMethod: 'header' } }),
    // Sends both fields, and both empty.
    without: new ResourceOwnerPassword({ client: {}, auth, options: { authorizationMethod: 'body' } }),
  }
  return {
    logIn: async (how, credentials) => (await grants[how].getToken(credentials)).token.access_token,
    // The library has nothing for this.
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
