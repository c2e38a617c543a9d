// The files that are judged; what is wrong with one is said in a sentence.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import yaml from 'js-yaml'

/** @throws Error, which names the file, as the other functions here do */
export const readText = (path) => attempt('read', path, () => readFileSync(path, 'utf8'))

export const namesIn = (folder) => attempt('read', folder, () => readdirSync(folder))

/** Writes a file, and the folders that it is in. */
export const writeText = (path, text) =>
  attempt('written', path, () => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  })

const attempt = (what, path, action) => {
  try {
    return action()
  } catch (error) {
    const [, reason = error.message] = getSystemErrorMap().get(error.errno) ?? []
    throw new Error(`${path} cannot be ${what}: ${reason}.`, { cause: error })
  }
}

/** The version that a package.json has; undefined without one. */
export const readPackageVersion = (path) => {
  const text = readText(path)
  try {
    return JSON.parse(text)?.version
  } catch (error) {
    throw new Error(`${path} is no JSON: ${error.message}.`, { cause: error })
  }
}

/** The contract in a text.
 * @param name for what is said of it */
export const parseContract = (text, name) => {
  const contract = parseYaml(text, name)
  const isContract = /^3\.0\./.test(contract?.openapi) && isObject(contract.info) && isObject(contract.paths)
  if (!isContract) throw new Error(`${name} is no OpenAPI 3.0 document.`)
  return contract
}

const isObject = (value) => typeof value === 'object' && value !== null

const parseYaml = (text, name) => {
  try {
    return yaml.load(text)
  } catch (error) {
    const { reason = error.message, mark } = error
    throw new Error(`${name} is no YAML${mark ? `, line ${mark.line + 1}` : ''}: ${reason}.`, { cause: error })
  }
}
