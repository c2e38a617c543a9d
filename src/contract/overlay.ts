import { readFileSync } from 'node:fs'
import yaml from 'js-yaml'
import { isObject } from '../json.ts'
import type { ContractDocument } from './document.ts'

/** The languages of the contract's texts. The contract itself is in English. */
export type Language = 'en' | 'ko'

/** An OpenAPI Overlay 1.0.0 whose updates are texts. Its targets are paths such as `$.info`, `$.paths['/signup'].post`
 * and `$.tags[?@.name == 'accounts']`. */
interface Overlay {
  readonly overlay: string
  readonly info: { readonly title: string; readonly version: string }
  readonly actions: readonly { readonly target: string; readonly update: object }[]
}

/** Reads the overlay that translates the contract. */
export const readOverlay = (language: Exclude<Language, 'en'>): Overlay =>
  yaml.load(readFileSync(new URL(`../../contract/overlays/${language}.yaml`, import.meta.url), 'utf8')) as Overlay

/** The document with the updates of an overlay. A target that matches nothing changes nothing. */
export const applyOverlay = (document: ContractDocument, { actions }: Overlay): ContractDocument => {
  const changed = structuredClone(document)
  for (const { target, update } of actions) {
    for (const object of selected(changed, target)) merge(object, update)
  }
  return changed
}

const step = /\.([\w-]+)|\['([^']+)'\]|\[\?@\.(\w+) == '([^']+)'\]/g

/** The objects that a target selects.
 * @throws Error when the target has a form that this service does not know */
export const selected = (document: object, target: string): readonly object[] => {
  const steps = [...target.matchAll(step)]
  if (`$${steps.map(([text]) => text).join('')}` !== target) throw new Error(`Unknown form of a target: ${target}`)
  let found: readonly unknown[] = [document]
  for (const [, name, quoted, member = '', value] of steps) {
    const key = name ?? quoted
    found = found.flatMap((object) => {
      if (key !== undefined) return [valueOf(object, key)]
      const items: readonly unknown[] = Array.isArray(object) ? object : []
      return items.filter((item) => valueOf(item, member) === value)
    })
  }
  return found.filter(isObject)
}

const valueOf = (object: unknown, key: string): unknown =>
  isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined

const merge = (target: object, update: object): void => {
  for (const [key, value] of Object.entries(update) as [string, unknown][]) {
    const old = valueOf(target, key)
    if (isObject(old) && isObject(value)) merge(old, value)
    else Object.assign(target, { [key]: value })
  }
}
