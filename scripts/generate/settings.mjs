// Generates the documentation of the settings from src/settings.ts.
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { tsImport } from 'tsx/esm/api'

const pathOf = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const defaultOf = ({ defaultInWords, default: value, productionDefault, isRequiredInProduction }) =>
  [
    defaultInWords ?? (value === undefined ? 'none' : `\`${value}\``),
    ...(productionDefault === undefined ? [] : [`in production \`${productionDefault}\``]),
    ...(isRequiredInProduction ? ['required in production'] : []),
  ].join(', ')

const pageOf = (settings) => `# Settings

<!-- Generated from src/settings.ts by \`npm run generate\`. Do not edit. -->

Sesame reads its settings from the environment and from the file \`.env\` in the current folder. The environment takes
precedence. An empty value counts as unset. If a setting is not valid, the server prints one line for each problem and exits
with status 2.

| setting | default | meaning |
| --- | --- | --- |
${settings.map(([name, setting]) => `| \`${name}\` | ${defaultOf(setting)} | ${setting.meaning} |`).join('\n')}
`

const exampleOf = (
  settings,
) => `# Settings of Sesame. Copy this file to .env, and remove the \`# \` in front of each setting that you change.
# Environment variables take precedence over this file.
# Generated from src/settings.ts by \`npm run generate\`. Do not edit.

${settings
  .map(([name, setting]) => `# ${setting.meaning}\n# ${name}=${setting.example ?? setting.default ?? ''}\n`)
  .join('\n')}`

/** The texts of docs/settings.md and .env.example, by their paths. */
export const toSettings = async () => {
  const module = await tsImport('../../src/settings.ts', import.meta.url)
  const settings = Object.entries(module.settings)
  const page = 'docs/settings.md'
  return {
    [page]: await format(pageOf(settings), { ...(await resolveConfig(pathOf(page))), filepath: page }),
    '.env.example': exampleOf(settings),
  }
}
