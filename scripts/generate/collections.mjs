// Collections and environments for Postman and Thunder Client.
import { toPostmanCollection, toPostmanEnvironment } from './collections/postman.mjs'
import { readRequests } from './collections/requests.mjs'
import { toThunderCollection, toThunderEnvironment } from './collections/thunder-client.mjs'

/** The texts of the files in contract/collections, by path. Each program's own export would have the same file name. */
export const toCollections = async (document) => {
  const contract = readRequests(document)
  const name = contract.title.toLowerCase()
  const collections = {
    [`${name}.postman_collection.json`]: await toPostmanCollection(document, contract),
    [`${name}.postman_environment.json`]: toPostmanEnvironment(contract),
    [`thunder-collection_${name}.json`]: toThunderCollection(contract),
    [`thunder-environment_${name}.json`]: toThunderEnvironment(contract),
  }
  return Object.fromEntries(
    Object.entries(collections).map(([file, content]) => [
      `contract/collections/${file}`,
      `${JSON.stringify(content, undefined, 2)}\n`,
    ]),
  )
}
