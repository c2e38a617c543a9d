// Lists the operations of a contract, with their references resolved.
import { valueAt } from './references.mjs'

const methods = ['get', 'put', 'post', 'delete', 'patch']

/** @returns a function that resolves references of the document */
export const createResolver = (document) => {
  const resolve = (node) => (node?.$ref ? resolve(valueAt(document, node.$ref)) : node)
  return resolve
}

/** @returns the operations of a document in order, each with its `path`, its `method` in lower case, and its
 * `parameters`, including those of the path */
export const listOperations = (document, resolve = createResolver(document)) =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => ({
        ...operation,
        path,
        method,
        parameters: mergeParameters(item.parameters, operation.parameters, resolve),
      })),
  )

/** The parameters of an operation replace those of its path with the same name. */
const mergeParameters = (general = [], own = [], resolve) => {
  const parameters = [...general, ...own].map(resolve)
  return [...new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()]
}

/** The first example of a parameter or of a media type; undefined without one. */
export const findExample = ({ example, examples, schema }, resolve) => {
  const [first] = Object.values(examples ?? {})
  return example ?? resolve(first)?.value ?? resolve(schema)?.example
}
