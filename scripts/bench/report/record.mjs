// Writes the recorded run, docs/benchmarks.json, and the pages that show it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from '../../../test/support/process.ts'
import { renderChart } from './chart.mjs'
import { renderCases, renderLeftOut, renderRun } from './markdown.mjs'

const path = (extension) => join(root, 'docs', `benchmarks.${extension}`)

/** Writes the document of a run, and its pages. */
export const record = async (document) => {
  await write('json', JSON.stringify(document))
  await renderPages(document)
}

/** Rewrites the pages of the recorded run. */
export const renderRecorded = () => renderPages(JSON.parse(readFileSync(path('json'), 'utf8')))

const renderPages = async (document) => {
  await write('md', page(document))
  writeFileSync(path('svg'), renderChart(document))
}

const write = async (extension, text) => {
  const filepath = path(extension)
  writeFileSync(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }))
}

const page = (document) => `# Benchmarks

<!-- \`npm run bench -- all --record\` writes this page. Do not edit it. -->

![CPU time per request of GET /protected](benchmarks.svg)

${renderRun(document)}

## Method

- CPU time is the server process's own user and system time in all threads. The load generator and other programs do not
  count.
- All servers of a table run at once and take turns in short rounds. A ratio is the median of the ratios of each round, so
  temporary slowdowns of the machine cancel out.
- Sesame runs with its production defaults, on the memory store unless another is named. It writes its request log to a
  file. The hand-written peers write no log.
- Sesame caches verified tokens and looks up the session for each request. The peers do neither.
- Each hand-written peer has only this route. It verifies the same tokens with the same key and issuer. fast-jwt runs with its
  default, without a cache of verified tokens.
- The chapter's server is the FastAPI program of the course chapter, on one uvicorn process without an access log. It runs
  twice: with uvicorn's defaults, and with uvloop and httptools.
- The load generator has 10 keep-alive connections (2 for passwords, 4 for stores, 16 for workers). Each connection waits for
  a response before it sends the next request, so p50 and p99 include the wait for the other connections.
- \`npm run bench -- all\` repeats this run. Absolute figures depend on the machine. Ratios depend on it much less.

## Results

${renderCases(document)}
${renderLeftOut(document)}
`
