import { expect, test } from '@jest/globals'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { applyOverlay, readOverlay, selected } from '../../src/contract/overlay.ts'

const document = readContract()
const overlay = readOverlay('ko')

/** The paths to the texts of an update that replace nothing: keys that the object does not have. */
const newTexts = (object: unknown, update: object, path = ''): readonly string[] =>
  Object.entries(update).flatMap(([key, value]: [string, unknown]) => {
    const old = (object as Readonly<Record<string, unknown>> | undefined)?.[key]
    const here = `${path}/${key}`
    if (typeof value === 'object' && value !== null) return newTexts(old, value, here)
    return typeof old === 'string' && typeof value === 'string' ? [] : [here]
  })

test('every target of the Korean overlay matches one object of the contract', () => {
  expect(overlay.overlay).toBe('1.0.0')
  const matches = overlay.actions.map(({ target }) => [target, selected(document, target).length])
  expect(matches.filter(([, count]) => count !== 1)).toEqual([])
})

test('every text of the Korean overlay replaces a text of the contract', () => {
  const additions = overlay.actions.map(({ target, update }) => {
    const [object] = selected(document, target)
    return { target, texts: newTexts(object, update) }
  })
  expect(additions.filter(({ texts }) => texts.length > 0)).toEqual([])
})

test('the Korean overlay translates every operation, every tag and the introduction', () => {
  const { info, tags, paths } = applyOverlay(document, overlay) as unknown as Described
  const described = [
    info.description,
    ...tags.map(({ description }) => description),
    ...operationsOf(document).flatMap(({ path, method }) => {
      const operation = paths[path]?.[method]
      return [operation?.summary, operation?.description]
    }),
  ]
  expect(described.filter((text) => !/[가-힣]/.test(text ?? ''))).toEqual([])
})

test('an overlay leaves the document that it is applied to unchanged', () => {
  const before = structuredClone(document)
  applyOverlay(document, overlay)
  expect(document).toEqual(before)
})

test('a target that matches nothing changes nothing, and a target of another form is refused', () => {
  const withTarget = (target: string) => ({ ...overlay, actions: [{ target, update: { description: 'x' } }] })
  expect(applyOverlay(document, withTarget("$.paths['/nothing'].get"))).toEqual(document)
  expect(() => applyOverlay(document, withTarget('$..description'))).toThrow('Unknown form of a target: $..description')
})

interface Described {
  readonly info: { readonly description: string }
  readonly tags: readonly { readonly description?: string }[]
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly summary?: string; description?: string }>>>
  >
}
