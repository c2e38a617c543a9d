import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { emptyFolder, root } from './process.ts'

/** A fault: one piece of a source file, replaced by another. A proof that does not find it proves nothing. */
export interface Fault {
  readonly name: string
  readonly file: string
  readonly text: string
  readonly replacement: string
}

const defined: Fault[] = []

/** Defines a fault in a source file. A fault in the build would depend on the output of the compiler.
 * `npm run proof -- faults` compiles every defined fault, and so notices when the source has changed.
 * @param file below src
 * @param text must occur exactly once in the file
 * @param replacement may contain `$&`, which stands for the text */
export const defineFault = (name: string, file: string, text: string, replacement: string): Fault => {
  const fault = { name, file, text, replacement: replacement.replace('$&', () => text) }
  defined.push(fault)
  return fault
}

/** The faults of all proofs that have been imported. */
export const definedFaults = (): readonly Fault[] => defined

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
const { options } = ts.convertCompilerOptionsFromJson(
  { ...config.compilerOptions, rootDir: undefined, module: 'esnext', moduleResolution: 'bundler', sourceMap: false },
  root,
)

/** Compiles the source file with the fault in it. */
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

/** Runs `use` with the main.js of a copy of the build that has the fault, and then removes the copy. */
export const withFault = async <Outcome>(fault: Fault, use: (script: string) => Promise<Outcome>): Promise<Outcome> => {
  const compiled = compileFault(fault)
  // Node finds the packages from a folder below the project. Git and the tools ignore this one.
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
