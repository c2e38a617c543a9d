// Plans decide which request comes next. A plan continues from one round to the next.
import { postForm } from './request-text.mjs'

/** Sends these requests in turn, and starts again after the last one. */
export const rotate = ({ requests }) => {
  let next = 0
  return {
    next: () => requests[next++ % requests.length],
    learn: () => undefined,
    requests,
  }
}

/** Refreshes these sessions in turn, each with the refresh token of its last response.
 * @param refreshTokens must be more than the connections */
export const refresh = ({ refreshTokens }) => {
  const idle = [...refreshTokens]
  const accessTokens = []
  return {
    next: () => postForm('/token', { grant_type: 'refresh_token', refresh_token: idle.shift() }),
    learn: (body) => {
      const { refresh_token, access_token } = JSON.parse(body)
      idle.push(refresh_token)
      accessTokens.push(access_token)
      if (accessTokens.length > refreshTokens.length) accessTokens.shift()
    },
    /** The latest access tokens. There is one for each session once all have been refreshed. */
    accessTokens: () => accessTokens,
  }
}
