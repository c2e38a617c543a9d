/** @returns the text of a complete HTTP/1.1 request */
export const requestText = ({ method = 'GET', path, headers = {}, body = '' }) =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body,
  ].join('\r\n')

export const getProtected = (token) =>
  requestText({ path: '/protected', headers: { Authorization: `Bearer ${token}` } })

export const postJson = (path, value) =>
  requestText({
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  })

export const postForm = (path, fields) =>
  requestText({
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams(fields)),
  })
