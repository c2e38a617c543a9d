import { readFileSync } from 'node:fs'

/** The shell command that runs this program: with npx where the package is installed, with npm in a clone. */
export const sesame = import.meta.url.includes('/node_modules/@sesame-auth/sesame/')
  ? 'npx sesame'
  : 'npm run sesame --'

/** The version of this package. */
export const readVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
