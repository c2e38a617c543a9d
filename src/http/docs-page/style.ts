/** The style of the docs page, on top of Swagger UI's. */
export const docsStyle = `html { background: #fafafa; }
body { margin: 0; }
.for-screen-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
header { display: flex; flex-wrap: wrap; gap: 0 24px; align-items: center; justify-content: space-between; }
header, noscript { max-width: 1460px; margin: 0 auto; padding: 8px 20px; font-family: sans-serif; color: #3b4151; }
header h1 { margin: 0; font-size: 24px; }
header nav a { display: inline-block; padding: 6px 0 6px 16px; color: #2457a6; }
header nav a[aria-current] { color: inherit; font-weight: bold; text-decoration: none; }

/* The header has the title, and there is one server. */
.swagger-ui .info hgroup, .swagger-ui .scheme-container .schemes .schemes-server-container { display: none; }
.swagger-ui .info { margin: 0; }
.swagger-ui .info p { margin: 0 0 6px; }
.swagger-ui .scheme-container { margin: 0; padding: 6px 0; background: none; box-shadow: none; }
.swagger-ui .scheme-container .schemes { justify-content: flex-start; }
.swagger-ui .scheme-container .auth-wrapper { justify-content: flex-start; }
.swagger-ui .scheme-container .btn.authorize { padding-right: 16px; }
.swagger-ui .opblock-tag { margin: 0 0 4px; padding: 6px 8px; font-size: 20px; }

.swagger-ui details { margin: 4px 0; }
.swagger-ui summary { min-height: 24px; cursor: pointer; font: 600 14px/24px sans-serif; overflow-wrap: anywhere; }

/* A row of a response shows its text and an example. Its media type is in the contract. */
.swagger-ui .response-col_links, .swagger-ui .response-control-media-type { display: none; }
.swagger-ui .responses-inner { padding: 6px 16px; }
.swagger-ui table.responses-table { padding: 0; }
.swagger-ui .response-col_status { width: 52px; min-width: 52px; }
.swagger-ui table tbody tr.response td { padding: 4px 0 0; vertical-align: top; }
.swagger-ui .renderedMarkdown p, .swagger-ui .renderedMarkdown ul, .swagger-ui .renderedMarkdown ol { margin: 0 0 4px; }
.swagger-ui .renderedMarkdown ul { padding-left: 18px; }
.swagger-ui .renderedMarkdown code { font-size: inherit; }
.swagger-ui .renderedMarkdown pre { margin: 4px 0; padding: 8px; border-radius: 4px; background: #333; }
.swagger-ui .renderedMarkdown pre > code { padding: 0; background: none; color: #fff; white-space: pre-wrap; }
.swagger-ui .response-col_description__inner .renderedMarkdown { font-size: 14px; }
.swagger-ui .response .model-example { margin-top: 4px; }
.swagger-ui .opblock-description-wrapper { margin: 0; padding: 8px 16px; }
.swagger-ui .parameters-container > .opblock-description-wrapper { display: none; }
.swagger-ui .parameters-container > .opblock-description-wrapper:has(*:not(p)) { display: block; }
.swagger-ui .opblock .opblock-section-header { min-height: 44px; padding: 4px 16px; }
.swagger-ui .opblock-body .execute-wrapper { padding: 8px 16px; }
.swagger-ui .opblock-body textarea.body-param__text { min-height: 110px; height: 110px; }
.swagger-ui .microlight, .swagger-ui .microlight code { white-space: pre-wrap !important; overflow-wrap: anywhere; }

.swagger-ui .highlight-code .copy-to-clipboard, .swagger-ui .highlight-code .copy-to-clipboard button,
.swagger-ui .curl-command .copy-to-clipboard, .swagger-ui .curl-command .copy-to-clipboard button {
  width: 32px; height: 32px;
}

/* No client is registered here, so that a log-in needs no client. */
.swagger-ui .auth-container .wrapper:has(> label[for^='client_']),
.swagger-ui .auth-container .wrapper:has(> label[for='password_type']),
.swagger-ui .auth-container .flow, .swagger-ui .auth-container p:has(+ .flow), .swagger-ui .scope-def { display: none; }
.swagger-ui .dialog-ux .modal-ux { max-width: min(650px, calc(100vw - 20px)); }
.swagger-ui .dialog-ux .modal-ux-header { padding: 0; }
.swagger-ui .dialog-ux .modal-ux-header h3 { padding: 12px 20px; }
.swagger-ui .dialog-ux .modal-ux-content { max-height: calc(100vh - 100px); padding: 12px 20px; }
.swagger-ui .dialog-ux .modal-ux-content h4 { margin: 0 0 8px; }
.swagger-ui .dialog-ux .auth-container { margin: 0; padding: 0; }
.swagger-ui .auth-container .wrapper { padding: 0; }
.swagger-ui .scopes .checkbox { padding: 2px 0; }
.swagger-ui .scopes .checkbox p { font-style: normal; }
.swagger-ui .auth-btn-wrapper { padding: 8px 0 0; }

@media (max-width: 640px) {
  header, .swagger-ui .wrapper { padding-left: 10px; padding-right: 10px; }
  header nav a { padding: 6px 16px 6px 0; }
  .swagger-ui .opblock-tag small { padding: 0 8px; }
  .swagger-ui .opblock-description-wrapper, .swagger-ui .opblock .opblock-section-header, .swagger-ui .responses-inner,
  .swagger-ui .opblock-body .execute-wrapper { padding-left: 8px; padding-right: 8px; }
  .swagger-ui .response-col_status { width: 40px; min-width: 40px; font-size: 12px; }
  .swagger-ui .response-col_description__inner .renderedMarkdown, .swagger-ui summary { font-size: 13px; line-height: 18px; }
  /* The buttons stand below the text that they copy. */
  .swagger-ui .highlight-code:has(> .copy-to-clipboard) pre { padding-bottom: 48px !important; }
  .swagger-ui .table-container { padding: 0; }
  .swagger-ui tr.parameters, .swagger-ui tr.parameters td { display: block; width: auto; padding: 0 0 4px; }
  .swagger-ui tr.parameters .parameter__name { display: inline-block; padding-right: 8px; }
  .swagger-ui tr.parameters .parameter__type { display: inline-block; padding: 0; }
  .swagger-ui tr.parameters td input, .swagger-ui tr.parameters td select { width: 100%; max-width: 100%; margin: 0; }
}

/* Swagger UI's own colors have too little contrast (WCAG 2.2, 1.4.3). */
.swagger-ui [style*='211, 99, 99'] { color: #ff9e9e !important; }
html:not(.dark-mode) .swagger-ui .opblock-post .opblock-summary-method { background: #187347; }
html:not(.dark-mode) .swagger-ui .opblock-get .opblock-summary-method { background: #1f66b1; }
html:not(.dark-mode) .swagger-ui .opblock-put .opblock-summary-method { background: #9a5400; }
html:not(.dark-mode) .swagger-ui .opblock-delete .opblock-summary-method { background: #c22424; }
html:not(.dark-mode) .swagger-ui .btn.authorize { border-color: #187347; color: #187347; }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { fill: #187347; }
html:not(.dark-mode) .swagger-ui .btn.cancel { border-color: #c22424; color: #c22424; }
html:not(.dark-mode) .swagger-ui .btn.execute { border-color: #1f5ea8; background: #1f5ea8; }
html:not(.dark-mode) .swagger-ui .download-contents { background: #4a5060; }
html:not(.dark-mode) .swagger-ui .renderedMarkdown code { color: #6d10c0; }
html:not(.dark-mode) .swagger-ui .renderedMarkdown pre code { color: #fff; }
html:not(.dark-mode) .swagger-ui .parameter__in { color: #595959; }
html:not(.dark-mode) .swagger-ui .parameter__name.required span { color: #b00000; }
html:not(.dark-mode) .swagger-ui .scopes h2 a { color: #2457a6; }
html.dark-mode .swagger-ui .scheme-container { border: 0; background: none; box-shadow: none; }
html.dark-mode .swagger-ui summary { color: #e4e6e6; }
html.dark-mode .swagger-ui .opblock .opblock-section-header .btn.try-out__btn.cancel { border-color: #ff9d9d; color: #ff9d9d; }
html.dark-mode .swagger-ui .opblock[class] .opblock-section .opblock-section-header,
html.dark-mode .swagger-ui .opblock[class] .responses-wrapper .opblock-section-header { background: #23282b; }
html.dark-mode .for-screen-readers { color: #e4e6e6; }

@media (prefers-color-scheme: dark) {
  html { background: #1c2022; }
  header, noscript { color: #e4e6e6; }
  header nav a { color: #8fb8ff; }
}
`
