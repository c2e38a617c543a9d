// Makes a copy of the project, and mutates one file of it at a time, in src and in the build.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import ts from 'typescript'
import { emptyFolder, root } from '../../support/process.ts'
import type { Mutation } from './mutations.ts'

const leftOut = ['.git', '.env', 'node_modules']

/** @returns the path of the copy, a folder for temporary files, and `mutate`, which returns a function that restores
 * the file */
export const createProjectCopy = () => {
  const path = emptyFolder()
  const project = join(path, 'project')
  const temporary = join(path, 'temporary')
  mkdirSync(temporary)
  const isCopied = (source: string): boolean =>
    !(leftOut.includes(basename(source)) && relative(root, source) === basename(source))
  cpSync(root, project, { recursive: true, filter: isCopied })
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
  const { compilerOptions } = ts.readConfigFile(join(project, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config
  // A single file does not know that the package is ESM.
  const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, module: 'esnext' }, project)

  const write = (file: string, text: string): void => {
    writeFileSync(join(project, file), text)
    // Tests that start a process run the build.
    const built = join(project, file.replace(/^src/, 'dist').replace(/\.ts$/, '.js'))
    if (!existsSync(built)) throw new Error(`The build has no ${relative(project, built)}`)
    writeFileSync(built, ts.transpileModule(text, { compilerOptions: options, fileName: file }).outputText)
  }
  const mutate = ({ file, mutated }: Mutation): (() => void) => {
    const original = readFileSync(join(project, file), 'utf8')
    write(file, mutated)
    return () => write(file, original)
  }
  return { project, temporary, mutate }
}
