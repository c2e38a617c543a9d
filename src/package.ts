import { readFileSync } from 'node:fs'

/** What a reader types to run a command: in a project that has installed the package, or else in a clone of it. */
export const sesame = import.meta.url.includes('/node_modules/') ? 'npx sesame' : 'npm run sesame --'

/** The version of this package. */
export const readVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
