import { toOptionalAccessor } from './links.mjs'

/** The lines of a request's test script. It checks the status and the body, and sets variables for later requests. */
export const toTests = ({ success, tokenMember, keeps }) => [
  ...expectStatus(success),
  ...(success.schema ? expectBody(success) : []),
  ...(tokenMember ? keepToken(success, tokenMember) : []),
  ...keeps.flatMap((kept) => keepValue(success, kept)),
]

/** The lines of the script before a sign-up. Each run needs a new name, because a name can sign up only once. */
export const toNewName = ({ username }) => [`pm.collectionVariables.set('username', \`${username}-\${Date.now()}\`)`]

const expectStatus = ({ status }) => [
  `pm.test('responds with ${status}', () => {`,
  `  pm.response.to.have.status(${status})`,
  `})`,
]

const expectBody = ({ status, schema }) => [
  `if (pm.response.code === ${status}) {`,
  `  pm.test('the body matches the contract', () => {`,
  `    pm.response.to.have.jsonSchema(${JSON.stringify(schema)})`,
  `  })`,
  `}`,
]

// A token of an earlier run must not hide that this log-in failed.
const keepToken = ({ status }, tokenMember) => [
  `const isLoggedIn = pm.response.code === ${status}`,
  `pm.collectionVariables.set('accessToken', isLoggedIn ? pm.response.json().${tokenMember} : '')`,
]

const keepValue = ({ status }, { name, keys }) => [
  `if (pm.response.code === ${status}) {`,
  `  const value = pm.response.json()${toOptionalAccessor(keys)}`,
  `  if (value !== undefined) pm.collectionVariables.set('${name}', value)`,
  `}`,
]
