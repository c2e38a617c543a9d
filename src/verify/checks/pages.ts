import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '../../contract/operations.ts'
import type { Check } from '../check.ts'
import type { Tokens } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import { once } from '../run/once.ts'
import { type Fields, membersIn } from '../run/requests.ts'

const sessions = 5
const limits = [1, 2, sessions]
// Stops at a list that never ends.
const maxPages = 50

/** Checks of lists in pages (docs/decisions/010): the pages together contain the same items as the whole list. */
export const pageChecks = (context: Context): readonly Check[] => {
  const tokens = once(() => openSessions(context))
  return context.operations.flatMap((operation) => {
    const maximum = maximumOf(operation)
    return maximum === undefined ? [] : limits.map((limit) => pagesCheck(operation, context, limit, maximum, tokens))
  })
}

/** The highest `limit` of a list in pages; undefined for any other operation. */
const maximumOf = (operation: Operation): number | undefined => {
  const query = operation.parameters.filter((parameter) => parameter.in === 'query')
  const limit = query.find(({ name }) => name === 'limit')
  const hasCursor = query.some(({ name }) => name === 'cursor')
  return operation.method === 'get' && hasCursor && limit ? (limit.schema.maximum ?? 100) : undefined
}

const pagesCheck = (
  operation: Operation,
  { valid, perform, checksOf }: Context,
  limit: number,
  maximum: number,
  tokens: () => Promise<Tokens>,
): Check => {
  let walk: Walk = { items: [], broken: [] }
  const wholeAfterPages = async () => {
    const draft = await valid(operation, await tokens())
    const withFields = (...fields: Fields) => ({ ...draft, query: [...draft.query, ...fields] })
    walk = await walkPages(limit, async (...fields) => (await perform(withFields(...fields))).body)
    return withFields(['limit', String(maximum)])
  }
  return checksOf(operation)(`pages of ${limit}, compared with the whole list`, 'success', wholeAfterPages, {
    also: ({ body }) => [...walk.broken, ...differences(walk.items, itemsOf(body))],
  })
}

/** Opens enough sessions of a new account for several pages. */
const openSessions = async ({ accounts }: Context): Promise<Tokens> => {
  const account = await accounts.freshAccount()
  for (let opened = 1; opened < sessions; opened += 1) await accounts.open(account)
  return accounts.open(account)
}

interface Walk {
  readonly items: readonly unknown[]
  readonly broken: readonly string[]
}

const walkPages = async (limit: number, get: (...query: Fields) => Promise<string>): Promise<Walk> => {
  const items: unknown[] = []
  const broken: string[] = []
  let cursor: Fields = []
  for (let page = 1; ; page += 1) {
    const body = await get(['limit', String(limit)], ...cursor)
    const found = itemsOf(body)
    const { next_cursor: next } = membersIn(body)
    items.push(...found)
    if (found.length > limit) broken.push(`a page must have at most ${limit} items, not ${found.length}`)
    if (typeof next !== 'string') return { items, broken }
    if (found.length === 0) broken.push('a page with a next_cursor must have an item')
    if (page === maxPages) return { items, broken: [...broken, `the list must end within ${maxPages} pages`] }
    cursor = [['cursor', next]]
  }
}

/** The only list among the members of a page. */
const itemsOf = (body: string): readonly unknown[] => Object.values(membersIn(body)).find(Array.isArray) ?? []

const differences = (walked: readonly unknown[], whole: readonly unknown[]): readonly string[] => {
  const has = (items: readonly unknown[], item: unknown): boolean => items.some((one) => isDeepStrictEqual(one, item))
  const isRepeated = (item: unknown, index: number): boolean => has(walked.slice(0, index), item)
  return [
    ...(walked.some(isRepeated) ? ['an item must be on one page only'] : []),
    ...(whole.some((item) => !has(walked, item)) ? ['each item of the whole list must be on a page'] : []),
    ...(walked.some((item) => !has(whole, item)) ? ['each item of a page must be in the whole list'] : []),
  ]
}
