import { type ContractDocument, type Method, methods, resolve, type ResponseObject } from '../../contract/document.ts'
import { foldMark } from './script.ts'
import type { PageTexts } from './texts.ts'

/** The parts of a document that the page shows in another way. */
interface Displayed {
  info: { description?: string; contact?: object; license?: object }
  tags?: readonly Tag[]
  paths: Readonly<Record<string, Partial<Record<Method, DisplayedOperation>>>>
  components: { securitySchemes: Record<string, Scheme> }
}

interface Tag {
  readonly name: string
  readonly description?: string
}

interface DisplayedOperation {
  tags?: readonly string[]
  description?: string
  security: readonly Readonly<Record<string, unknown>>[]
  responses: Record<string, ResponseObject>
}

interface Scheme {
  description?: string
  readonly flows?: { readonly password?: object }
}

/** The operations that a newcomer calls first, in this order. */
const firstOperations = [
  ['/signup', 'post'],
  ['/token', 'post'],
  ['/protected', 'get'],
] as const

/** These statuses share one row, because every operation explains them in the same way. */
const foldedStatuses = ['413', '415', '500', '503']

/** The document that the docs page shows. It says less than the contract, so that a newcomer can read it at a glance.
 * @param contract as this deployment serves it */
export const displayedDocument = (contract: ContractDocument, texts: PageTexts): object => {
  const shown = structuredClone(contract) as unknown as Displayed
  const operations = Object.values(shown.paths).flatMap((item) => methods.flatMap((method) => item[method] ?? []))
  for (const operation of operations) followReferences(contract, operation)
  const common = commonHeaders(operations)

  showInfo(shown.info, texts, common)
  keepPasswordLogin(shown, operations, texts)
  for (const operation of operations) {
    operation.description = folded(operation.description, texts.more)
    operation.responses = displayedResponses(operation.responses, common, texts)
  }
  shown.paths = { ...pickFirst(shown.paths, texts), ...shown.paths }
  shown.tags = usedTags(shown.tags ?? [], operations, texts)
  return shown
}

const followReferences = (contract: ContractDocument, operation: DisplayedOperation): void => {
  for (const [status, response] of Object.entries(operation.responses)) {
    const resolved = structuredClone(resolve<ResponseObject>(contract, response))
    for (const [name, header] of Object.entries(resolved.headers ?? {})) {
      Object.assign(resolved.headers ?? {}, { [name]: resolve(contract, header) })
    }
    operation.responses[status] = resolved
  }
}

/** The names of the headers that every response of every operation has. */
const commonHeaders = (operations: readonly DisplayedOperation[]): ReadonlySet<string> => {
  const [first = [], ...others] = operations
    .flatMap(({ responses }) => Object.values(responses))
    .map(({ headers = {} }) => Object.keys(headers))
  return new Set(first.filter((name) => others.every((names) => names.includes(name))))
}

const showInfo = (info: Displayed['info'], texts: PageTexts, common: ReadonlySet<string>): void => {
  delete info.contact
  delete info.license
  const note = common.has('X-Request-Id') ? texts.commonHeaders : undefined
  info.description = folded(info.description, texts.more, note)
}

/** Leaves out the plain bearer scheme where a log-in by password gets the same token. A newcomer would type a name into its
 * field, which is for a token. */
const keepPasswordLogin = (
  { components }: Displayed,
  operations: readonly DisplayedOperation[],
  texts: PageTexts,
): void => {
  const schemes = Object.entries(components.securitySchemes).filter(([, { flows }]) => flows?.password)
  if (schemes.length === 0) return
  components.securitySchemes = Object.fromEntries(
    schemes.map(([name, scheme]) => [name, { ...scheme, description: texts.authorize }]),
  )
  for (const operation of operations) {
    operation.security = operation.security.filter((requirement) =>
      Object.keys(requirement).every((name) => name in components.securitySchemes),
    )
  }
}

const displayedResponses = (
  responses: DisplayedOperation['responses'],
  common: ReadonlySet<string>,
  texts: PageTexts,
): DisplayedOperation['responses'] => {
  const rows = Object.entries(responses).map(([status, response]): Row => {
    const { headers = {}, content, description } = response
    const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !common.has(name)))
    if (Number(status) < 400) return [status, { description, headers: own, content: withOneExample(content) }]
    const lines = [description, ...headerLines(own, description), ...exampleFold(content, texts)]
    return [status, { description: lines.join('\n') }]
  })
  return Object.fromEntries(foldRows(rows))
}

type Row = [status: string, response: ResponseObject]

/** Puts the statuses that every operation explains in the same way into one row, the last. */
const foldRows = (rows: readonly Row[]): readonly Row[] => {
  const common = rows.filter(([status]) => foldedStatuses.includes(status))
  if (common.length < 2) return rows
  const lines = common.map(([status, { description }]) => {
    const [shown = ''] = description.split(foldMark)
    return `- **${status}** ${unwrapped(shown)}`
  })
  const statuses = common.map(([status]) => status).join(', ')
  return [...rows.filter((row) => !common.includes(row)), [statuses, { description: lines.join('\n') }]]
}

/** Lets Swagger UI show an example without a list to choose it from. */
const withOneExample = (content: ResponseObject['content'] = {}): NonNullable<ResponseObject['content']> =>
  Object.fromEntries(
    Object.entries(content).map(([mediaType, { schema = {}, ...media }]) => {
      const [only, ...others] = Object.values(media.examples ?? {})
      return [mediaType, only && others.length === 0 ? { schema, example: only.value } : { schema, ...media }]
    }),
  )

/** Explains the headers that the description of the response does not name. */
const headerLines = (headers: NonNullable<ResponseObject['headers']>, described: string): readonly string[] =>
  Object.entries(headers)
    .filter(([name]) => !described.includes(`\`${name}\``))
    .map(([name, header]) => {
      const { description = '' } = header as { readonly description?: string }
      return `\`${name}\`: ${description}`
    })

/** The examples of an error. Their label is what went wrong, as a program sees it. */
const exampleFold = (content: ResponseObject['content'] = {}, { example: word }: PageTexts): readonly string[] => {
  const values = Object.values(content).flatMap(({ examples = {} }) =>
    Object.values(examples).map(({ value }) => value),
  )
  if (values.length === 0) return []
  const details = values.flatMap((value) => {
    const { detail } = (value ?? {}) as { readonly detail?: unknown }
    return typeof detail === 'string' ? [detail] : []
  })
  const label = [word, details.join(' / ')].filter((text) => text !== '').join(': ')
  const code = values.map((value) => `\`\`\`json\n${JSON.stringify(value, undefined, 2)}\n\`\`\``)
  return [`${foldMark}${label}`, ...code]
}

/** Shows the first paragraph, and folds the others. */
const folded = (description = '', label: string, note?: string): string => {
  const [first = '', ...others] = description.trim().split(/\n\n+/)
  const shown = [first, ...(note ? [note] : [])].map(unwrapped).join('\n\n')
  return others.length === 0 ? shown : `${shown}\n${foldMark}${label}\n${others.map(unwrapped).join('\n\n')}`
}

/** Joins the lines of a paragraph, because Swagger UI breaks the lines where the source does. List items stay apart. */
const unwrapped = (paragraph: string): string => paragraph.trim().replace(/\n(?! *(?:[-*]|\d+\.) ) */g, ' ')

/** Moves the first operations to a group of their own.
 * @returns their path items */
const pickFirst = (paths: Displayed['paths'], texts: PageTexts): Displayed['paths'] =>
  Object.fromEntries(
    firstOperations.flatMap(([path, method]) => {
      const item = paths[path]
      const operation = item?.[method]
      if (!item || !operation) return []
      operation.tags = [texts.start]
      return [[path, item]]
    }),
  )

const usedTags = (
  tags: readonly Tag[],
  operations: readonly DisplayedOperation[],
  texts: PageTexts,
): readonly Tag[] => {
  const used = new Set(operations.flatMap((operation) => operation.tags ?? []))
  const start = { name: texts.start, description: texts.startDescription }
  return [start, ...tags].filter(({ name }) => used.has(name))
}
