import yaml from 'js-yaml'
import type { ContractDocument } from './document.ts'
import { responseExamples } from './examples.ts'
import type { Language } from './overlay.ts'

/** The contract as this deployment serves it. */
export interface ServedContract {
  readonly document: ContractDocument
  readonly yaml: () => string
  readonly json: () => string
}

/** Renders the contract with the URLs of this deployment as its server and token URL.
 * @param publicUrl the URL that clients use, without a trailing slash */
export const servedContract = (document: ContractDocument, publicUrl: string): ServedContract => {
  const served = structuredClone(document)
  const { components } = served as unknown as Served
  const tokenUrl = `${publicUrl}/token`
  Object.assign(served, {
    servers: [{ url: publicUrl, description: 'This deployment (production or local)', 'x-internal': false }],
  })
  for (const { flows } of Object.values(components.securitySchemes)) {
    if (flows?.password) Object.assign(flows.password, { tokenUrl, refreshUrl: tokenUrl })
  }
  return {
    document: served,
    yaml: () => yaml.dump(served, { lineWidth: 110, noRefs: true }),
    json: () => `${JSON.stringify(served, undefined, 2)}\n`,
  }
}

type Served = { components: Pick<ContractDocument['components'], 'securitySchemes'> }

/** The settings of a deployment that its contract shows. */
export interface Deployment {
  readonly issuer: string
  /** The minimum length of new passwords, in code points. */
  readonly passwordMinLength: number
  readonly accessToken: { readonly algorithm: string; readonly audience: string; readonly lifetimeSeconds: number }
}

/** The parts of the contract in which deployments differ. */
interface DeploymentParts {
  info: { description: string }
  components: {
    securitySchemes: { oauth2: { 'x-access-token': object } }
    schemas: {
      NewPassword: WithExample & { minLength: number }
      TokenResponse: { properties: { expires_in: { example: number } } }
    }
  }
}

interface WithExample {
  example: string
}

interface BodySchema {
  example?: Record<string, string>
  properties?: Record<string, WithExample & { readonly allOf?: readonly { readonly $ref: string }[] }>
}

/** Adds a deployment's password policy and token settings to the contract. Its example passwords satisfy the policy, so a
 * client can sign up and log in with the examples. */
export const deployedContract = (
  document: ContractDocument,
  deployment: Deployment,
  language: Language = 'en',
): ContractDocument => {
  const deployed = structuredClone(document)
  const { issuer, passwordMinLength, accessToken } = deployment
  const { info, components } = deployed as unknown as DeploymentParts
  const { NewPassword, TokenResponse } = components.schemas

  info.description += `\n${describe[language](deployment)}`
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
  replaceExamplePasswords(
    components.schemas as unknown as Record<string, BodySchema>,
    examplePassword(NewPassword.example, passwordMinLength),
  )
  return deployed
}

const passwordSchemas = ['NewPassword', 'Password']

/** Replaces the password in the examples of all request bodies. */
const replaceExamplePasswords = (schemas: Record<string, BodySchema>, password: string): void => {
  for (const name of passwordSchemas) Object.assign(schemas[name] ?? {}, { example: password })
  for (const { example, properties = {} } of Object.values(schemas)) {
    for (const [name, property] of Object.entries(properties)) {
      if (!property.allOf?.some(({ $ref }) => passwordSchemas.some((schema) => $ref.endsWith(`/${schema}`)))) continue
      property.example = password
      if (example && name in example) example[name] = password
    }
  }
}

const describe: Readonly<Record<Language, (deployment: Deployment) => string>> = {
  en: ({ issuer, passwordMinLength, accessToken }) =>
    [
      `**This deployment** (${issuer}) requires new passwords of at least ${counted(passwordMinLength, 'character')}. `,
      `It signs access tokens with ${accessToken.algorithm} for the audience \`${accessToken.audience}\`. `,
      `They expire after ${counted(accessToken.lifetimeSeconds, 'second')}.`,
    ].join(''),
  ko: ({ issuer, passwordMinLength, accessToken }) =>
    [
      `**이 서버**(${issuer}): 새 비밀번호는 ${passwordMinLength}자 이상이어야 합니다. `,
      `액세스 토큰은 ${accessToken.lifetimeSeconds}초 동안 유효하고, ${accessToken.algorithm}로 서명되며, `,
      `대상(audience)은 \`${accessToken.audience}\`입니다.`,
    ].join(''),
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Returns the example, or a longer phrase when the policy refuses the example. */
const examplePassword = (example: string, minLength: number): string =>
  example.length >= minLength ? example : 'open sesame, and close again '.repeat(10).slice(0, Math.max(minLength, 28))
