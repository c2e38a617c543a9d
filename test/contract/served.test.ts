import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { decode } from 'jsonwebtoken'
import { type Client, contractClient, logIn, send, signUp, withToken } from '../support/contract-client.ts'
import { type RunningService, startService } from '../support/service.ts'

const issuer = 'https://auth.example.com/sesame'
let service: RunningService
let client: Client
let served: any

beforeAll(async () => {
  service = await startService({
    environment: {
      ISSUER: issuer,
      AUDIENCE: 'the shop',
      PASSWORD_MIN_LENGTH: '20',
      ACCESS_TOKEN_EXPIRE_MINUTES: '5',
    },
  })
  client = contractClient(service.url)
  served = (await send(service.url, { path: '/openapi.json' })).json
})
afterAll(() => service.stop())

test('the served document names the server and the token URL of this deployment', async () => {
  expect(served.servers).toMatchObject([{ url: issuer }])
  expect(served.components.securitySchemes.oauth2.flows.password.tokenUrl).toBe(`${issuer}/token`)
  const { text } = await send(service.url, { path: '/openapi.yaml' })
  expect(text).toContain(`url: ${issuer}`)
  expect(text).not.toContain('localhost')
})

test('answers carry Strict-Transport-Security where the issuer is https', async () => {
  const live = await client({ path: '/health/live' })
  expect(live.headers['strict-transport-security']).toBe('max-age=31536000')
})

test('its minimum of a new password is the one that is enforced', async () => {
  const { minLength } = served.components.schemas.NewPassword
  expect(minLength).toBe(20)
  expect((await signUp(client, 'short', 'x'.repeat(minLength - 1))).status).toBe(422)
  expect((await signUp(client, 'long', 'x'.repeat(minLength))).status).toBe(200)
  expect(served.components.schemas.Password.minLength).toBe(1)
})

test('its examples sign up, log in, and change the password', async () => {
  const { SignupRequest, TokenRequest, PasswordChange } = served.components.schemas
  expect((await signUp(client, SignupRequest.example.username, SignupRequest.example.password)).status).toBe(200)
  const { status, json } = await logIn(client, TokenRequest.example.username, TokenRequest.example.password)
  expect(status).toBe(200)
  const changed = await withToken(
    client,
    json.access_token,
  )({
    method: 'PUT',
    path: '/account/password',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(PasswordChange.example),
  })
  expect(changed.status).toBe(200)
  for (const { properties, example } of [SignupRequest, TokenRequest, PasswordChange]) {
    for (const [name, value] of Object.entries(example)) expect(properties[name].example).toBe(value)
  }
  expect(JSON.stringify(served.components.schemas)).not.toContain('"1234"')
})

test('it says how tokens are made, and so they are', async () => {
  await signUp(client, 'gary', 'correct horse battery staple')
  const { json } = await logIn(client, 'gary', 'correct horse battery staple')
  const token = decode(json.access_token, { complete: true }) as any
  const { alg, typ } = token.header
  const { iss, aud, exp, iat } = token.payload
  const said = served.components.securitySchemes.oauth2['x-access-token']
  expect(said).toEqual({ alg, typ, iss, aud, expires_in: exp - iat })
  expect(said).toEqual({ alg: 'HS256', typ: 'at+jwt', iss: issuer, aud: 'the shop', expires_in: 300 })
  expect(json.expires_in).toBe(300)
  expect(served.components.schemas.TokenResponse.properties.expires_in.example).toBe(300)
  expect((await send(service.url, { path: '/openapi.yaml' })).text).not.toContain('expires_in: 1800')
})

test('its description says so to people', () => {
  expect(served.info.description).toContain('requires new passwords of at least 20 characters.')
  expect(served.info.description).toContain('with HS256 for the audience `the shop`. They expire after 300 seconds.')
})

test('in development the examples are those of the chapter', async () => {
  const local = await startService()
  const { json } = await send(local.url, { path: '/openapi.json' })
  expect(json.components.schemas.SignupRequest.example).toEqual({ username: 'licat', password: '1234' })
  expect(json.info.description).toContain('at least 1 character.')
  await local.stop()
})
