// The links of the contract (OpenAPI 3.0, Link Object): which value of an answer is a parameter of another operation.
const inBody = '$response.body#/'

/** @param operations as listed
 * @returns `{ source, keys, operationId, target, name }`: the operation whose answer has the value, the keys that lead
 * to it, the operation that it is for, the parameter that it fills, and the name of that */
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

/** The way to a value as an expression: `.sessions[0].session_id`, or with `?.` where something may be missing. */
export const toAccessor = (keys) => keys.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join('')

export const toCarefulAccessor = (keys) => keys.map((key) => (/^\d+$/.test(key) ? `?.[${key}]` : `?.${key}`)).join('')
