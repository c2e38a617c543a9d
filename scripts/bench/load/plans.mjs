// Which request comes next. A plan goes on from one round to the next.
import { postForm } from './request-text.mjs'

/** Sends these requests in turn, and begins again after the last. */
export const rotate = ({ requests }) => {
  let next = 0
  return {
    next: () => requests[next++ % requests.length],
    learn: () => undefined,
    requests,
  }
}

/** Refreshes these sessions in turn, each with the refresh token of its last response.
 * @param refreshTokens more of them than connections */
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
    /** The latest ones, one for each session once all have been refreshed. */
    accessTokens: () => accessTokens,
  }
}
