import { readFileSync } from 'node:fs'

/** What a reader types to run this program: in a project that has installed the package, or in a clone. */
export const sesame = import.meta.url.includes('/node_modules/@sesame-auth/sesame/')
  ? 'npx sesame'
  : 'npm run sesame --'

/** The version of this package. */
export const readVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
