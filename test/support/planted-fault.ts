import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { emptyFolder, root } from './process.ts'

/** One piece of src, replaced by another. A proof that does not find the fault proves nothing. */
export interface Fault {
  readonly name: string
  readonly file: string
  readonly text: string
  readonly replacement: string
}

const defined: Fault[] = []

/** Faults are planted in the sources, so that they do not depend on what a build makes of a line. Each fault that is
 * defined here is also planted by `npm run proof -- faults`, so that none goes stale unseen.
 * @param file below src
 * @param text must occur exactly once in the file
 * @param replacement in which `$&` stands for the text */
export const defineFault = (name: string, file: string, text: string, replacement: string): Fault => {
  const fault = { name, file, text, replacement: replacement.replace('$&', () => text) }
  defined.push(fault)
  return fault
}

/** The faults of all proofs that are loaded. */
export const definedFaults = (): readonly Fault[] => defined

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
const { options } = ts.convertCompilerOptionsFromJson(
  { ...config.compilerOptions, rootDir: undefined, module: 'esnext', moduleResolution: 'bundler', sourceMap: false },
  root,
)

/** The compiled file with the fault in it. */
export const compileFault = ({ name, file, text, replacement }: Fault): string => {
  const refuse = (reason: string): never => {
    throw new Error(`The fault "${name}" cannot be planted in src/${file}: ${reason}`)
  }
  const parts = readFileSync(join(root, 'src', file), 'utf8').split(text)
  if (parts.length !== 2) refuse(`\`${text}\` must occur once, and occurs ${parts.length - 1} times`)
  const { outputText, diagnostics = [] } = ts.transpileModule(parts.join(replacement), {
    compilerOptions: options,
    reportDiagnostics: true,
  })
  const [problem] = diagnostics
  if (problem) refuse(`with \`${replacement}\`, ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`)
  return outputText
}

/** Resolves to what `use` makes of main.js in a copy of the build that has the fault. */
export const withFault = async <Outcome>(fault: Fault, use: (script: string) => Promise<Outcome>): Promise<Outcome> => {
  const compiled = compileFault(fault)
  // Below the project, so that the packages are found; in a place that git and the tools ignore.
  const folder = emptyFolder(join(root, 'node_modules', '.cache'))
  for (const part of ['dist', 'openapi.yaml', 'package.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  writeFileSync(join(folder, 'dist', fault.file.replace(/\.ts$/, '.js')), compiled)
  try {
    return await use(join(folder, 'dist', 'main.js'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
