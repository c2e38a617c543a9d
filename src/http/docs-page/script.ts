/** A line of Markdown that begins with this mark starts a part that the page shows folded. The rest of the line is the
 * label of the part. */
export const foldMark = '<!--fold-->'

/** Shows the document of the reader's language, in the reader's color scheme. The server of the document is the origin at
 * which the page was opened. The page may be open at 127.0.0.1 while the contract names localhost, which is another
 * origin. */
export const docsScript = `const language = () => {
  const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language
  return asked.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

const followColorScheme = () => {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
  dark.addEventListener('change', apply)
  apply()
}

const useThisOrigin = (spec) => {
  spec.servers = [{ url: location.origin }]
  for (const { flows } of Object.values(spec.components.securitySchemes)) {
    for (const flow of Object.values(flows ?? {})) flow.tokenUrl = flow.refreshUrl = location.origin + '/token'
  }
}

// Swagger UI leaves these elements without a name for screen readers.
const named = (tag, nameOf) => (Component, { React }) => (props) =>
  React.createElement(
    tag,
    null,
    React.createElement('span', { className: 'for-screen-readers' }, nameOf(props)),
    React.createElement(Component, props),
  )

const changesOfSwaggerUi = () => ({
  // Its box is ticked from the beginning, although empty fields count as absent.
  components: { ParameterIncludeEmpty: () => null },
  wrapComponents: {
    JsonSchema_string: named('label', ({ description }) => description),
    RequestBodyEditor: named('label', () => 'Request body'),
    CloseIcon: named('span', () => 'Close'),
    Markdown: (Markdown, { React }) => ({ source, ...rest }) => {
      const [shown, ...folded] = String(source ?? '').split('\\n${foldMark}')
      const show = (text) => React.createElement(Markdown, { ...rest, source: text })
      const fold = (part, index) => {
        const [label, ...lines] = part.split('\\n')
        return React.createElement(
          'details',
          { key: index },
          React.createElement('summary', null, label),
          show(lines.join('\\n')),
        )
      }
      return React.createElement(React.Fragment, null, shown && show(shown), folded.map(fold))
    },
  },
})

const show = async () => {
  followColorScheme()
  const root = document.documentElement
  root.lang = language()
  document.querySelector('nav [lang=' + root.lang + ']').setAttribute('aria-current', 'true')
  const spec = await (await fetch('/docs/' + root.lang + '.json')).json()
  document.title = spec.info.title
  document.querySelector('h1').textContent = spec.info.title + ' ' + spec.info.version
  useThisOrigin(spec)
  SwaggerUIBundle({
    spec,
    dom_id: '#docs',
    deepLinking: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    defaultModelsExpandDepth: -1,
    plugins: [changesOfSwaggerUi],
  })
}
show()
`
