// Measures the service, and what it is compared with. A missed target is a result; the exit status is 1 only when the
// measurement itself fails, and 2 when the command line is wrong.
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
// Node 20 needs it for the harness of the tests, which is TypeScript.
register()
if (options.names.includes('render')) {
  const { renderRecorded } = await import('./bench/report/record.mjs')
  await renderRecorded()
  process.exit()
}

await buildIfStale()
// Later, since both need what the build makes.
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
