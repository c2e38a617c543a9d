// Reads the links of the contract (OpenAPI 3.0, Link Object): which value of a response is a parameter of another
// operation.
const inBody = '$response.body#/'

/** @param operations of `listOperations`
 * @returns `{ source, keys, operationId, target, name }`: the operation whose response contains the value, the keys of
 * the value, the operation that uses it, the parameter, and the name of the parameter */
export const readLinks = (operations, resolve) =>
  operations.flatMap((source) =>
    listLinks(source, resolve).flatMap(({ operationId, parameters = {} }) => {
      const linked = operations.find((operation) => operation.operationId === operationId)
      return Object.entries(parameters)
        .filter(([, expression]) => String(expression).startsWith(inBody))
        .map(([name, expression]) => ({
          source,
          keys: expression.slice(inBody.length).split('/'),
          operationId,
          target: linked.parameters.find((parameter) => parameter.name === name),
          name,
        }))
    }),
  )

const listLinks = ({ responses }, resolve) =>
  Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, response]) => Object.values(resolve(response).links ?? {}).map(resolve))
    .filter(({ operationId }) => operationId !== undefined)

/** The JavaScript for a value, such as `.sessions[0].session_id`. The second form uses `?.`, because parts may be
 * missing. */
export const toAccessor = (keys) => keys.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join('')

export const toOptionalAccessor = (keys) => keys.map((key) => (/^\d+$/.test(key) ? `?.[${key}]` : `?.${key}`)).join('')
