// What a contract says of its operations, without references to follow.
import { valueAt } from './references.mjs'

const methods = ['get', 'put', 'post', 'delete', 'patch']

/** @returns a function that follows references into the document */
export const createResolver = (document) => {
  const resolve = (node) => (node?.$ref ? resolve(valueAt(document, node.$ref)) : node)
  return resolve
}

/** @returns the operations of a document in its order, each with its `path`, its `method` in lower case, and all its
 * `parameters`, those of its path among them */
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

/** Those of an operation replace those of its path. */
const mergeParameters = (general = [], own = [], resolve) => {
  const parameters = [...general, ...own].map(resolve)
  return [...new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()]
}

/** The first example of a parameter or of a media type; `undefined` where there is none. */
export const findExample = ({ example, examples, schema }, resolve) => {
  const [first] = Object.values(examples ?? {})
  return example ?? resolve(first)?.value ?? resolve(schema)?.example
}
