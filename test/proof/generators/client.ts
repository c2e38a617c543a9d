// Generates a client, compiles it, and runs it against the service.
import { root } from '../../support/process.ts'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { build } from 'esbuild'
import type { Generator } from './catalogue.ts'
import { compile } from './compile.ts'
import { namesOf } from './contract.ts'
import { writeTypeTest } from './type-test.ts'

const generateMilliseconds = 120_000
const journeyMilliseconds = 60_000

const here = (name: string): string => fileURLToPath(new URL(`program/${name}`, import.meta.url))

export interface Making {
  readonly generator: Generator
  /** The Node that runs the generator. */
  readonly node: string
  /** The folder in which the generators are installed. */
  readonly packages: string
  readonly document: unknown
  readonly input: string
}

/** Runs a generator in a folder.
 * @returns whether it succeeded, and the unusual lines of its output */
export const generate = ({ generator, node, packages, folder, input }: Making & { readonly folder: string }) => {
  mkdirSync(join(folder, 'client'), { recursive: true })
  if (generator.config) writeFileSync(join(folder, generator.config.file), generator.config.text(input))
  const [script = '', ...args] = generator.command(input)
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

/** Removes `@ts-nocheck`. Some generators write it to hide the errors of their clients from the compiler. */
const uncover = (folder: string): void => {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )) {
    const text = readFileSync(join(folder, name), 'utf8')
    writeFileSync(join(folder, name), text.replaceAll('@ts-nocheck', ''))
  }
}

export type Checked = ReturnType<typeof check>

/** Compiles the client, its journey and its type test as strictly as the client allows.
 * @returns the errors, the subjects of the type test that differ from the contract, and the names */
export const check = ({
  generator,
  folder,
  document,
}: Pick<Making, 'generator' | 'document'> & { readonly folder: string }) => {
  const test = writeTypeTest(document, generator)
  writeFileSync(join(folder, 'types.ts'), test.text)
  cpSync(join(root, 'src', 'contract', 'generated.ts'), join(folder, 'contract.ts'))
  for (const name of ['report.ts', 'same.ts']) cpSync(here(name), join(folder, name))
  cpSync(here(generator.journey), join(folder, 'journey.ts'))

  const files = ['types.ts', 'journey.ts']
  const exact = compile(folder, files, true)
  const isRelaxed = !generator.isExact && exact.errors.some(({ file }) => file !== 'types.ts')
  const compiled = isRelaxed ? compile(folder, files, false) : exact
  return {
    isRelaxed,
    errors: compiled.errors.filter(({ file }) => file !== 'types.ts'),
    wrongTypes: compiled.errors.filter(({ file }) => file === 'types.ts').map(({ line }) => test.subjects[line]),
    types: test.types,
    parameters: test.parameters,
    ...judgeNames(document, compiled.names(generator.entry)),
  }
}

const judgeNames = (document: unknown, found: readonly string[]) => {
  const { operations, schemas } = namesOf(document)
  const wanted = [...operations, ...schemas]
  return {
    names: wanted.length,
    missing: wanted.filter((name) => !found.includes(name)),
    mangled: found.filter((name) => !wanted.includes(name) && wanted.includes(name.replace(/[_$]*\d*$/, ''))),
  }
}

/** Bundles the journey with its client, and runs it.
 * @returns its report, or an error */
export const travel = async (folder: string): Promise<any> => {
  const script = join(folder, 'journey.mjs')
  const entryPoints = [join(folder, 'journey.ts')]
  await build({ entryPoints, outfile: script, bundle: true, format: 'esm', platform: 'node', logLevel: 'silent' })
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: journeyMilliseconds })
  return stdout ? JSON.parse(stdout) : { error: /^\w*Error: .*$/m.exec(stderr)?.[0] ?? stderr }
}
