import yaml from 'js-yaml'
import type { ContractDocument } from './document.ts'
import { responseExamples } from './examples.ts'

/** The contract as a file that names where it is served: its own server and token URL.
 * @param publicUrl where clients reach it, without a slash at its end */
export const servedContract = (
  document: ContractDocument,
  publicUrl: string,
): { readonly yaml: string; readonly json: string } => {
  const served = structuredClone(document) as unknown as Served
  const tokenUrl = `${publicUrl}/token`
  served.servers = [{ url: publicUrl, description: 'This deployment (production or local)', 'x-internal': false }]
  for (const { flows } of Object.values(served.components.securitySchemes)) {
    if (flows?.password) Object.assign(flows.password, { tokenUrl, refreshUrl: tokenUrl })
  }
  return {
    yaml: yaml.dump(served, { lineWidth: 110, noRefs: true }),
    json: `${JSON.stringify(served, undefined, 2)}\n`,
  }
}

type Served = { servers: object[]; components: Pick<ContractDocument['components'], 'securitySchemes'> }

/** What a deployment has settled. */
export interface Deployment {
  readonly issuer: string
  /** In code points, of new passwords. */
  readonly passwordMinLength: number
  readonly accessToken: { readonly algorithm: string; readonly audience: string; readonly lifetimeSeconds: number }
}

/** The parts of the contract in which deployments differ. */
interface Differing {
  info: { description: string }
  components: {
    securitySchemes: { oauth2: { 'x-access-token': object } }
    schemas: {
      NewPassword: Shown & { minLength: number }
      TokenResponse: { properties: { expires_in: { example: number } } }
    }
  }
}

interface Shown {
  example: string
}

interface BodySchema {
  example?: Record<string, string>
  properties?: Record<string, Shown & { readonly allOf?: readonly { readonly $ref: string }[] }>
}

/** The contract of one deployment: its password policy as the `minLength` of sign-up, and how its tokens are made.
 * Examples fit the policy, so that whoever sends them signs up and logs in. */
export const deployedContract = (document: ContractDocument, deployment: Deployment): ContractDocument => {
  const deployed = structuredClone(document)
  const { issuer, passwordMinLength, accessToken } = deployment
  const { info, components } = deployed as unknown as Differing
  const { NewPassword, TokenResponse } = components.schemas

  info.description += `\n${describe(deployment)}`
  Object.assign(components.securitySchemes.oauth2['x-access-token'], {
    alg: accessToken.algorithm,
    iss: issuer,
    aud: accessToken.audience,
    expires_in: accessToken.lifetimeSeconds,
  })
  TokenResponse.properties.expires_in.example = accessToken.lifetimeSeconds
  for (const { value } of responseExamples(deployed)) {
    if ('expires_in' in value) value.expires_in = accessToken.lifetimeSeconds
  }
  NewPassword.minLength = passwordMinLength
  showPassword(
    components.schemas as unknown as Record<string, BodySchema>,
    passwordOf(NewPassword.example, passwordMinLength),
  )
  return deployed
}

const passwordSchemas = ['NewPassword', 'Password']

/** Gives every password of a request this one as its example. */
const showPassword = (schemas: Record<string, BodySchema>, password: string): void => {
  for (const name of passwordSchemas) Object.assign(schemas[name] ?? {}, { example: password })
  for (const { example, properties = {} } of Object.values(schemas)) {
    for (const [name, property] of Object.entries(properties)) {
      if (!property.allOf?.some(({ $ref }) => passwordSchemas.some((schema) => $ref.endsWith(`/${schema}`)))) continue
      property.example = password
      if (example && name in example) example[name] = password
    }
  }
}

const describe = ({ issuer, passwordMinLength, accessToken }: Deployment): string =>
  [
    `**This deployment** (${issuer}) requires new passwords of at least ${counted(passwordMinLength, 'character')}. `,
    `It signs access tokens with ${accessToken.algorithm} for the audience \`${accessToken.audience}\`. `,
    `They expire after ${counted(accessToken.lifetimeSeconds, 'second')}.`,
  ].join('')

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The example, or where the policy refuses it a phrase that is long enough. */
const passwordOf = (example: string, minLength: number): string =>
  example.length >= minLength ? example : 'open sesame, and close again '.repeat(10).slice(0, Math.max(minLength, 28))
