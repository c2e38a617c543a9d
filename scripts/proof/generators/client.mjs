// One generated client: made, compiled, and sent through the running service.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { build } from 'esbuild'
import { root } from '../server.mjs'
import { compile } from './compile.mjs'
import { namesOf } from './contract.mjs'
import { writeTypeTest } from './type-test.mjs'

const generateMilliseconds = 120_000
const journeyMilliseconds = 60_000

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Runs a generator in a folder of its own.
 * @returns whether it succeeded, and what it said that it does not always say */
export const generate = ({ generator, node, packages, folder, input }) => {
  mkdirSync(join(folder, 'client'), { recursive: true })
  if (generator.config) writeFileSync(join(folder, generator.config.file), generator.config.text(input))
  const [script, ...args] = generator.command(input)
  const { status, stdout, stderr } = spawnSync(node, [join(packages, 'node_modules', script), ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: generateMilliseconds,
    env: { ...process.env, NO_COLOR: '1' },
  })
  const lines = stripVTControlCharacters(`${stdout}${stderr}`).split(/\r?\n/)
  const unusual = lines
    .map((line) => line.trim())
    .filter((line) => line && !generator.said.some((known) => known.test(line)))
  if (status === 0) uncover(join(folder, 'client'))
  return { succeeded: status === 0, unusual }
}

/** Some clients ask the compiler to look away. */
const uncover = (folder) => {
  for (const name of readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    writeFileSync(join(folder, name), text.replaceAll('@ts-nocheck', ''))
  }
}

/** Compiles client, journey and type test as strictly as the client can be.
 * @returns the errors, those of the type test apart as the subjects that are not as the contract says, and the names */
export const check = ({ generator, folder, document }) => {
  const test = writeTypeTest(document, generator)
  writeFileSync(join(folder, 'types.ts'), test.text)
  cpSync(join(root, 'src', 'contract', 'generated.ts'), join(folder, 'contract.ts'))
  for (const name of ['report.ts', 'same.ts']) cpSync(here(name), join(folder, name))
  cpSync(here(join('journeys', generator.journey)), join(folder, 'journey.ts'))

  const files = ['types.ts', 'journey.ts']
  const exact = compile(folder, files, { exactOptionalPropertyTypes: true })
  const isRelaxed = !generator.isExact && exact.errors.some(({ file }) => file !== 'types.ts')
  const compiled = isRelaxed ? compile(folder, files, { exactOptionalPropertyTypes: false }) : exact
  return {
    isRelaxed,
    errors: compiled.errors.filter(({ file }) => file !== 'types.ts'),
    wrongTypes: compiled.errors.filter(({ file }) => file === 'types.ts').map(({ line }) => test.subjects[line]),
    types: test.types,
    parameters: test.parameters,
    ...judgeNames(document, compiled.names(generator.entry)),
  }
}

const judgeNames = (document, found) => {
  const { operations, schemas } = namesOf(document)
  const wanted = [...operations, ...schemas]
  return {
    names: wanted.length,
    missing: wanted.filter((name) => !found.includes(name)),
    mangled: found.filter((name) => !wanted.includes(name) && wanted.includes(name.replace(/[_$]*\d*$/, ''))),
  }
}

/** Bundles the journey with its client, and runs it on the Node that runs this.
 * @returns what it told, or the error */
export const travel = async (folder) => {
  const script = join(folder, 'journey.mjs')
  const entryPoints = [join(folder, 'journey.ts')]
  await build({ entryPoints, outfile: script, bundle: true, format: 'esm', platform: 'node', logLevel: 'silent' })
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: journeyMilliseconds })
  return stdout ? JSON.parse(stdout) : { error: /^\w*Error: .*$/m.exec(stderr)?.[0] ?? stderr }
}
