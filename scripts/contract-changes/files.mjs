// Reads and writes the files of a release. Each error is a sentence that names the file.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import yaml from 'js-yaml'

/** @throws Error if the file cannot be read */
export const readText = (path) => attempt('read', path, () => readFileSync(path, 'utf8'))

export const namesIn = (folder) => attempt('read', folder, () => readdirSync(folder))

/** Writes a file, and creates its folders. */
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

/** The version in a package.json, or undefined. */
export const readPackageVersion = (path) => {
  const text = readText(path)
  try {
    return JSON.parse(text)?.version
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error.message}.`, { cause: error })
  }
}

/** Parses a contract.
 * @param name of the file, for errors
 * @throws Error if the text is not an OpenAPI 3.0 document */
export const parseContract = (text, name) => {
  const contract = parseYaml(text, name)
  const isContract = /^3\.0\./.test(contract?.openapi) && isObject(contract.info) && isObject(contract.paths)
  if (!isContract) throw new Error(`${name} is not an OpenAPI 3.0 document.`)
  return contract
}

const isObject = (value) => typeof value === 'object' && value !== null

const parseYaml = (text, name) => {
  try {
    return yaml.load(text)
  } catch (error) {
    const { reason = error.message, mark } = error
    throw new Error(`${name} is not YAML${mark ? `, line ${mark.line + 1}` : ''}: ${reason}.`, { cause: error })
  }
}
