// Runs the TypeScript compiler on a generated client, for its errors and for the names that it exports.
import { join, relative } from 'node:path'
import ts from 'typescript'

const strict = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'preserve',
  moduleResolution: 'bundler',
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
}

/** Checks modules and everything that they import.
 * @returns the errors, and a function that lists the names of a module */
export const compile = (folder: string, files: readonly string[], exactOptionalPropertyTypes: boolean) => {
  const { options } = ts.convertCompilerOptionsFromJson({ ...strict, exactOptionalPropertyTypes }, folder)
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    options,
  )
  return {
    errors: ts.getPreEmitDiagnostics(program).map((diagnostic) => describe(folder, diagnostic)),
    names: (file: string) => namesIn(program, join(folder, file)),
  }
}

const describe = (folder: string, { file, start = 0, messageText }: ts.Diagnostic) => ({
  file: file ? relative(folder, file.fileName).replaceAll('\\', '/') : '',
  line: file ? file.getLineAndCharacterOfPosition(start).line : 0,
  message: ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0] ?? '',
})

/** Lists all exports. For a class it adds the members and their members, because some clients group operations. */
const namesIn = (program: ts.Program, path: string): readonly string[] => {
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(path)
  const module = file && checker.getSymbolAtLocation(file)
  const exports = module ? checker.getExportsOfModule(module) : []
  const members = exports
    .filter((symbol) => symbol.flags & ts.SymbolFlags.Class)
    .flatMap((symbol) => checker.getDeclaredTypeOfSymbol(symbol).getProperties())
  const grouped = members.flatMap((symbol) => checker.getTypeOfSymbol(symbol).getProperties())
  return [...exports, ...members, ...grouped].map((symbol) => symbol.getName())
}
