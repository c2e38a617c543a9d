import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '../contract/operations.ts'
import type { Check, Material } from './checks.ts'
import { memoized } from './memoized.ts'
import { perform } from './perform.ts'
import { type Fields, membersIn } from './requests.ts'
import { outgoingOf } from './right-requests.ts'
import type { Tokens } from './session.ts'

const sessions = 5
const limits = [1, 2, sessions]
// Of a list that has no end.
const maxPages = 50

/** Lists that come in pages (docs/decisions/010): whoever follows `next_cursor` gets all that the whole list has. */
export const pageChecks = (material: Material): readonly Check[] => {
  const tokens = memoized(() => openSessions(material))
  return material.operations
    .filter((operation) => maximumOf(operation) !== undefined)
    .flatMap((operation) => limits.map((limit) => pagesCheck(operation, material, limit, tokens)))
}

/** The highest limit of a list in pages; undefined for an operation that is none. */
const maximumOf = (operation: Operation): number | undefined => {
  const query = operation.parameters.filter((parameter) => parameter.in === 'query')
  const limit = query.find(({ name }) => name === 'limit')
  const hasCursor = query.some(({ name }) => name === 'cursor')
  return operation.method === 'get' && hasCursor && limit ? (limit.schema.maximum ?? 100) : undefined
}

const pagesCheck = (operation: Operation, material: Material, limit: number, tokens: () => Promise<Tokens>): Check => {
  const { host, makeRight } = material
  const whole: Fields = [['limit', String(maximumOf(operation))]]
  let walk: Walk = { items: [], broken: [] }
  return {
    operationId: operation.id,
    title: `pages of ${limit}, beside the whole list`,
    expected: 'success',
    request: async () => {
      const right = await makeRight(operation, await tokens())
      walk = await walkPages(limit, async (query) => {
        const { body } = await perform(material, right, { query })
        return body
      })
      return outgoingOf(host, right, { query: whole })
    },
    also: ({ body }) => [...walk.broken, ...differences(walk.items, itemsOf(body))],
  }
}

/** As many sessions as a list of sessions needs to have pages, of an account that has no others. */
const openSessions = async ({ session }: Material): Promise<Tokens> => {
  const account = await session.freshAccount()
  for (let opened = 1; opened < sessions; opened += 1) await session.open(account)
  return session.open(account)
}

interface Walk {
  readonly items: readonly unknown[]
  readonly broken: readonly string[]
}

const walkPages = async (limit: number, get: (query: Fields) => Promise<string>): Promise<Walk> => {
  const items: unknown[] = []
  const broken: string[] = []
  let cursor: readonly [string, string] | undefined
  for (let page = 1; ; page += 1) {
    const body = await get([['limit', String(limit)], ...(cursor ? [cursor] : [])])
    const found = itemsOf(body)
    const { next_cursor: next } = membersIn(body)
    items.push(...found)
    if (found.length > limit) broken.push(`a page must have at most ${limit} items, not ${found.length}`)
    if (typeof next !== 'string') return { items, broken }
    if (found.length === 0) broken.push('a page that others follow must have an item')
    if (page === maxPages) return { items, broken: [...broken, `the list must end within ${maxPages} pages`] }
    cursor = ['cursor', next]
  }
}

/** The one list among the members of a page. */
const itemsOf = (body: string): readonly unknown[] => Object.values(membersIn(body)).find(Array.isArray) ?? []

const differences = (walked: readonly unknown[], whole: readonly unknown[]): readonly string[] => {
  const has = (items: readonly unknown[], item: unknown): boolean => items.some((one) => isDeepStrictEqual(one, item))
  const isRepeated = (item: unknown, index: number): boolean => has(walked.slice(0, index), item)
  return [
    ...(walked.some(isRepeated) ? ['an item must be on one page alone'] : []),
    ...(whole.some((item) => !has(walked, item)) ? ['each item of the whole list must be on a page'] : []),
    ...(walked.some((item) => !has(whole, item)) ? ['each item of a page must be in the whole list'] : []),
  ]
}
