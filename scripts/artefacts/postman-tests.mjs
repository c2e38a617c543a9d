/** The lines of a request's test script: the status, the body by its schema, and the token carried on. */
export const toTests = ({ success, alternative, tokenMember }) => [
  ...(alternative ? expectEither(success, alternative) : expectStatus(success)),
  ...(success.schema ? expectBody(success) : []),
  ...(tokenMember ? keepToken(success, tokenMember) : []),
]

const expectStatus = ({ status }) => [
  `pm.test('answers ${status}', () => {`,
  `  pm.response.to.have.status(${status})`,
  `})`,
]

const expectEither = ({ status }, alternative) => [
  `pm.test('answers ${status}, or ${alternative.status} ${alternative.code} when run again', () => {`,
  `  if (pm.response.code === ${alternative.status}) pm.expect(pm.response.json().code).to.equal('${alternative.code}')`,
  `  else pm.response.to.have.status(${status})`,
  `})`,
]

const expectBody = ({ status, schema }) => [
  `if (pm.response.code === ${status}) {`,
  `  pm.test('the body is as the contract declares it', () => {`,
  `    pm.response.to.have.jsonSchema(${JSON.stringify(schema)})`,
  `  })`,
  `}`,
]

// A token of an earlier run must not hide that this log-in has failed.
const keepToken = ({ status }, tokenMember) => [
  `const isLoggedIn = pm.response.code === ${status}`,
  `pm.collectionVariables.set('accessToken', isLoggedIn ? pm.response.json().${tokenMember} : '')`,
]
