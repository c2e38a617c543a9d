/** The docs page: Swagger UI. This service serves all its parts. */
export const docsHtml = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sesame</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <noscript>This page needs JavaScript. The contract is at <a href="/openapi.yaml">/openapi.yaml</a>.</noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/docs.js"></script>
  </body>
</html>
`

/** Shows the contract with the page's own origin as its server. The page may be open at 127.0.0.1 while the contract
 * names localhost, which is another origin. The script removes the plain bearer scheme. Its field would get the focus
 * first, and users would type their name into it. */
export const docsScript = `const show = async () => {
  const spec = await (await fetch('/openapi.json')).json()
  delete spec.components.securitySchemes.bearer
  for (const operation of Object.values(spec.paths).flatMap(Object.values)) {
    operation.security = operation.security.filter((requirement) => !('bearer' in requirement))
  }
  spec.servers = [{ url: location.origin, description: 'This server' }]
  for (const { flows } of Object.values(spec.components.securitySchemes)) {
    for (const flow of Object.values(flows ?? {})) flow.tokenUrl = flow.refreshUrl = location.origin + '/token'
  }
  SwaggerUIBundle({
    spec,
    dom_id: '#docs',
    deepLinking: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
  })
}
show()
`
