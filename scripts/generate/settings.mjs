// The documentation of the settings, from src/settings.ts.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { format, resolveConfig } from 'prettier'

const pathOf = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const read = (name) => readFileSync(pathOf(name), 'utf8').replaceAll('\r\n', '\n')

/** The module has no imports, so that it can be loaded without a build. */
const loadSettings = async () => {
  const { code } = await transform(read('src/settings.ts'), { loader: 'ts', format: 'esm' })
  const { settings } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return Object.entries(settings)
}

const defaultOf = ({ defaultInWords, default: value, productionDefault, isRequiredInProduction }) =>
  [
    defaultInWords ?? (value === undefined ? 'none' : `\`${value}\``),
    ...(productionDefault === undefined ? [] : [`in production \`${productionDefault}\``]),
    ...(isRequiredInProduction ? ['required in production'] : []),
  ].join(', ')

const pageOf = (settings) => `# Settings

<!-- Generated from src/settings.ts by \`npm run generate\`. Do not edit. -->

Sesame reads its settings from the environment, and from a file \`.env\` in the folder where it is started. The environment
takes precedence. An empty value counts as none. A server with a wrong setting prints one line for each mistake and ends with
status 2.

| setting | default | meaning |
| --- | --- | --- |
${settings.map(([name, setting]) => `| \`${name}\` | ${defaultOf(setting)} | ${setting.meaning} |`).join('\n')}
`

const exampleOf = (
  settings,
) => `# Settings of Sesame. Copy this file to .env, and remove the \`# \` in front of what you set.
# A variable of the environment takes precedence over a line here.
# Generated from src/settings.ts by \`npm run generate\`. Do not edit.

${settings
  .map(([name, setting]) => `# ${setting.meaning}\n# ${name}=${setting.example ?? setting.default ?? ''}\n`)
  .join('\n')}`

/** The texts of docs/settings.md and .env.example, by their paths. */
export const toSettings = async () => {
  const settings = await loadSettings()
  const page = 'docs/settings.md'
  return {
    [page]: await format(pageOf(settings), { ...(await resolveConfig(pathOf(page))), filepath: page }),
    '.env.example': exampleOf(settings),
  }
}
