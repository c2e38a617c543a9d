/** The docs page. Its script shows the contract by Swagger UI; everything that it loads comes from this service. */
export const docsHtml = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Sesame</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/docs.css">
  </head>
  <body>
    <header>
      <h1>Sesame</h1>
      <nav>
        <a href="?lang=en" lang="en">English</a>
        <a href="?lang=ko" lang="ko">한국어</a>
        <a href="/openapi.yaml">openapi.yaml</a>
      </nav>
    </header>
    <h2 class="for-screen-readers">API</h2>
    <div id="docs"></div>
    <noscript>This page needs JavaScript. The contract is at <a href="/openapi.yaml">/openapi.yaml</a>.</noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/docs.js"></script>
  </body>
</html>
`
