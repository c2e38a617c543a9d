// Measures the service, and the servers that it is compared with. The exit status is 1 if the measurement itself fails,
// and 2 if the command line is wrong. A missed target does not change it.
import { register } from 'tsx/esm/api'
import { readOptions, usage } from './bench/options.mjs'
import { buildIfStale } from './build.mjs'

const optionsOrExit = () => {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`error: ${error.message}\n\n${usage}`)
    process.exit(2)
  }
}

const options = optionsOrExit()
// Node 20 needs tsx to load the test helpers, which are TypeScript.
register()
if (options.names.includes('render')) {
  const { renderRecorded } = await import('./bench/report/record.mjs')
  await renderRecorded()
  process.exit()
}

await buildIfStale()
// These imports need the build.
const { runBenches } = await import('./bench/run.mjs')
const { renderCases, renderLeftOut, renderRun } = await import('./bench/report/markdown.mjs')
const document = await runBenches(options)
if (options.record) {
  const { record } = await import('./bench/report/record.mjs')
  await record(document)
}
if (options.json) console.log(JSON.stringify(document, undefined, 2))
else console.log([renderRun(document), '', renderCases(document), renderLeftOut(document)].join('\n'))
process.exit()
