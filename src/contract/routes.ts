import type { Operation } from './operations.ts'

/** A path of the contract with its operations. */
export interface Route<O extends Operation = Operation> {
  /** The path as the contract writes it, with its parameters in braces. */
  readonly path: string
  /** The keys are methods in lower case. */
  readonly operations: ReadonlyMap<string, O>
  /** The value of the Allow header. */
  readonly allow: string
}

/** The route of a request with the values of its path parameters, by name and still percent-encoded. */
export interface RouteMatch<O extends Operation = Operation> {
  readonly route: Route<O>
  readonly parameters: Readonly<Record<string, string>>
}

export interface Routes<O extends Operation = Operation> {
  /** All routes, in the order of the contract. */
  readonly all: readonly Route<O>[]
  /** Finds a path without parameters, spelled exactly as in the contract. */
  readonly findExact: (path: string) => RouteMatch<O> | undefined
  /** Finds the route of a path without its query. A trailing slash makes no difference, unless the contract continues the
   * path with a parameter. */
  readonly find: (path: string) => RouteMatch<O> | undefined
}

/** Groups operations by path. Fixed paths win over templates. Of two templates (`/sessions/{id}`) that match, the one
 * with the longer fixed part wins. */
export const createRoutes = <O extends Operation>(operations: readonly O[]): Routes<O> => {
  const paths = [...new Set(operations.map(({ path }) => path))]
  const all = paths.map((path) =>
    routeOf(
      path,
      operations.filter((operation) => operation.path === path),
    ),
  )
  const templates = all
    .filter(({ path }) => path.includes('{'))
    .map((route) => ({ route, parametersIn: createMatcher(route.path) }))
    .sort((a, b) => fixedLength(b.route) - fixedLength(a.route))
  const fixed = new Map(
    all.filter(({ path }) => !path.includes('{')).map((route) => [route.path, { route, parameters: {} }]),
  )
  const parents = new Set(templates.map(({ route: { path } }) => path.slice(0, path.indexOf('/{'))))

  return {
    all,
    findExact: (path) => fixed.get(path),
    find: (path) => {
      const plain = withoutTrailingSlash(path)
      // DELETE /sessions/ most likely has an empty session id. It must not end all other sessions.
      if (plain !== path && parents.has(plain)) return undefined
      const exact = fixed.get(plain)
      if (exact) return exact
      for (const { route, parametersIn } of templates) {
        const parameters = parametersIn(plain)
        if (parameters) return { route, parameters }
      }
      return undefined
    },
  }
}

const routeOf = <O extends Operation>(path: string, operations: readonly O[]): Route<O> => {
  const names = operations.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
  return {
    path,
    operations: new Map(operations.map((operation) => [operation.method, operation])),
    allow: [...names, 'OPTIONS'].join(', '),
  }
}

const parameterInBraces = /\{([^}]*)\}/g

const fixedLength = ({ path }: Route): number => path.replace(parameterInBraces, '').length

/** Creates a matcher that returns the template's parameters in a path, or undefined when the path does not match. */
const createMatcher = (template: string): ((path: string) => RouteMatch['parameters'] | undefined) => {
  const names = [...template.matchAll(parameterInBraces)].map(([, name = '']) => name)
  const fixedParts = template.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${fixedParts.join('([^/]+)')}$`)
  return (path) => {
    const values = pattern.exec(path)
    return values ? Object.fromEntries(names.map((name, i) => [name, values[i + 1] ?? ''])) : undefined
  }
}

const withoutTrailingSlash = (path: string): string => {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
