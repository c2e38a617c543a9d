import yaml from 'js-yaml'
import type { ContractDocument } from './document.ts'

/** What a deployment has settled. */
export interface Deployment {
  /** Where clients reach it, without a slash at its end; also the issuer of its tokens. */
  readonly publicUrl: string
  /** In code points, of new passwords. */
  readonly passwordMinLength: number
  readonly accessToken: { readonly algorithm: string; readonly audience: string; readonly lifetimeSeconds: number }
}

/** The parts of the contract in which deployments differ. */
interface Served {
  info: { description: string }
  servers: object[]
  components: {
    securitySchemes: { oauth2: { 'x-access-token': object; flows: { password: object } } }
    schemas: {
      Password: { example: string }
      NewPassword: { example: string; minLength: number }
      SignupRequest: { example: { password: string } }
      TokenRequest: { example: { password: string } }
      TokenResponse: { properties: { expires_in: { example: number } } }
    }
  }
}

/** The contract as a deployment serves it: with its own server and token URL, its password policy as the `minLength`
 * of sign-up, and how its tokens are made. */
export const servedContract = (
  document: ContractDocument,
  deployment: Deployment,
): { readonly yaml: string; readonly json: string } => {
  const served = structuredClone(document) as unknown as Served
  const { publicUrl, passwordMinLength, accessToken } = deployment
  const { securitySchemes, schemas } = served.components

  served.info.description += `\n${describe(deployment)}`
  served.servers = [{ url: publicUrl, description: 'This deployment (production or local)', 'x-internal': false }]
  const tokenUrl = `${publicUrl}/token`
  Object.assign(securitySchemes.oauth2.flows.password, { tokenUrl, refreshUrl: tokenUrl })
  Object.assign(securitySchemes.oauth2['x-access-token'], {
    alg: accessToken.algorithm,
    iss: publicUrl,
    aud: accessToken.audience,
    expires_in: accessToken.lifetimeSeconds,
  })
  schemas.TokenResponse.properties.expires_in.example = accessToken.lifetimeSeconds
  schemas.NewPassword.minLength = passwordMinLength
  const password = passwordOf(schemas.NewPassword.example, passwordMinLength)
  for (const shown of [schemas.Password, schemas.NewPassword]) shown.example = password
  for (const { example } of [schemas.SignupRequest, schemas.TokenRequest]) example.password = password

  return {
    yaml: yaml.dump(served, { lineWidth: 110, noRefs: true }),
    json: `${JSON.stringify(served, undefined, 2)}\n`,
  }
}

const describe = ({ publicUrl, passwordMinLength, accessToken }: Deployment): string =>
  [
    `**This deployment**, ${publicUrl}: new passwords have at least ${counted(passwordMinLength, 'character')}. `,
    `An access token is valid for ${counted(accessToken.lifetimeSeconds, 'second')}, signed with `,
    `${accessToken.algorithm}, and for the audience \`${accessToken.audience}\`.`,
  ].join('')

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The example, or where the policy refuses it a phrase that is long enough: whoever sends what is shown signs up. */
const passwordOf = (example: string, minLength: number): string =>
  example.length >= minLength ? example : 'open sesame, and close again '.repeat(10).slice(0, Math.max(minLength, 28))
