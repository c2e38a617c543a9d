// Packs the client and the service, and installs each in an empty project. Each kind of program that can use the client
// then calls the installed service.
import { emptyFolder, productionSettings, root, type StartedServer, startServer } from '../support/process.ts'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Page as Tab } from 'playwright-core'
import { build as bundleModules, type BuildOptions } from 'esbuild'
import { launchChromium } from '../support/chromium.ts'
import { listen } from '../support/listen.ts'
import { expected } from './client/program/scenario.mjs'
import { npm } from './npm.ts'
import type { Prove, Result } from './proof.ts'

const maxBytes = 5 * 1024
const runMilliseconds = 60_000

interface Package {
  readonly folder: string
  /** Matches the files that users need. */
  readonly packable: RegExp
}

const packages: Readonly<Record<'service' | 'client', Package>> = {
  service: {
    folder: root,
    packable:
      /^(package\.json|openapi\.yaml|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|CONTRIBUTING\.md|\.env\.example|dist\/.+\.js|docs\/.+|contract\/collections\/.+\.json|contract\/overlays\/.+\.yaml|src\/client\/README\.md)$/,
  },
  client: {
    folder: join(root, 'dist', 'client'),
    packable:
      /^(package\.json|README\.md|LICENSE(-openapi-fetch)?|cjs\/package\.json|(esm|cjs)\/(index\.js|types\/.+\.d\.ts))$/,
  },
}

export const prove: Prove = async () => {
  build()
  const page = await openPage()
  const service = emptyFolder()
  const project = emptyFolder()
  const proven: Result[] = [install(service, 'service'), install(project, 'client'), countInstalled(project)]
  prepareUses(project)
  const server = await startServer({
    script: join(service, 'node_modules', '@sesame-auth', 'sesame', 'dist', 'main.js'),
    settings: { ...productionSettings(), CORS_ORIGINS: page.origin },
  })
  for (const [name, run] of Object.entries(uses)) proven.push(await tell(name, () => run(project, server, page)))
  await server.stop()
  await page.close()
  return proven
}

/** Runs `npm run build`, because the quick build of the proofs leaves out the client. */
const build = (): void => {
  const { status, stdout, stderr } = runNode(root, [join(root, 'scripts', 'build.mjs')])
  if (status !== 0) throw new Error(`${stdout}${stderr}`)
}

/** Packs a package, judges its files, and installs it in an empty project. */
const install = (path: string, name: keyof typeof packages): Result => {
  const { folder, packable } = packages[name]
  const [{ filename, files, size }] = JSON.parse(npm(folder, 'pack', '--json', '--pack-destination', path))
  writeFileSync(join(path, 'package.json'), '{ "private": true }\n')
  npm(path, 'install', `./${filename}`, '--ignore-scripts', '--omit=dev')
  const names: string[] = files.map((file: { readonly path: string }) => file.path)
  const needless = names.filter((file) => !packable.test(file))
  if (needless.length > 0) return { passed: false, text: `the ${name} has needless files: ${needless.join(', ')}` }
  const kib = (size / 1024).toFixed(0)
  return { passed: true, text: `the ${name} has ${names.length} files in ${kib} KiB, and installs without scripts` }
}

/** The client must install without dependencies. */
const countInstalled = (path: string): Result => {
  const lock = JSON.parse(readFileSync(join(path, 'package-lock.json'), 'utf8')) as { readonly packages: object }
  const names = Object.keys(lock.packages).filter((place) => place !== '')
  return { passed: names.length === 1, text: `the client installs as ${names.join(', ')}` }
}

/** Copies the programs that use the client into the project that has it. */
const prepareUses = (path: string): void => {
  cpSync(join(root, 'test', 'proof', 'client', 'program'), path, { recursive: true })
  for (const name of ['types.cts', 'types.ts']) cpSync(join(path, 'types.mts'), join(path, name))
}

const runNode = (cwd: string, args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: runMilliseconds })

const strictly = {
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  // The compiler checks the types of the package, too.
  skipLibCheck: false,
  noEmit: true,
}
// These are Node's types without those of a browser. The empty project does not have them.
const node16 = { module: 'node16', lib: ['es2022'], types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] }
const bundler = { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] }

/** Uses the client, and throws where that fails. A text tells what was measured. */
type Use = (path: string, server: StartedServer, page: Page) => Promise<string | undefined> | undefined

const uses: Readonly<Record<string, Use>> = {
  'an ESM program': (path, server) => runProgram(path, server, 'esm', ['use.mjs']),
  // Newer versions of Node would let `require` take the ESM build instead.
  'a CommonJS program, by `require`': (path, server) =>
    runProgram(path, server, 'cjs', ['--no-experimental-require-module', 'use.cjs']),
  'an ESM module of TypeScript, `moduleResolution` node16, without the DOM': (path) =>
    compile(path, 'types.mts', node16),
  'a CommonJS module of TypeScript, `moduleResolution` node16, without the DOM': (path) =>
    compile(path, 'types.cts', node16),
  'TypeScript with `moduleResolution` bundler, without Node': (path) => compile(path, 'types.ts', bundler),
  'a page of another origin in Chromium, bundled by esbuild': (path, server, page) => runPage(path, server, page),
  'the smallest bundle': (path) => weigh(path),
}

const tell = async (name: string, run: () => ReturnType<Use>): Promise<Result> => {
  try {
    const measured = await run()
    return { passed: true, text: `${name}${measured ? `: ${measured}` : ''}` }
  } catch (error) {
    return { passed: false, text: `${name}: ${(error as Error).message}` }
  }
}

const runProgram = (path: string, server: StartedServer, username: string, args: readonly string[]): undefined => {
  const { status, stdout, stderr } = runNode(path, [...args, server.url, username])
  if (status !== 0) throw new Error(stderr)
  judge(JSON.parse(stdout), username)
}

const judge = (seen: unknown, username: string): void => {
  if (isDeepStrictEqual(seen, expected(username))) return
  throw new Error(`The program should have seen ${JSON.stringify(expected(username))}, but saw ${JSON.stringify(seen)}`)
}

const compile = (path: string, file: string, compilerOptions: object): undefined => {
  const config = `tsconfig.${file}.json`
  writeFileSync(
    join(path, config),
    JSON.stringify({ compilerOptions: { ...strictly, ...compilerOptions }, files: [file] }),
  )
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const { status, stdout } = runNode(path, [tsc, '-p', config])
  if (status !== 0) throw new Error(`\n${stdout}`)
}

const bundle = async (path: string, entry: BuildOptions): Promise<string> => {
  const options: BuildOptions = {
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  }
  const { outputFiles } = await bundleModules({
    ...options,
    ...entry,
    absWorkingDir: path,
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

type Page = Awaited<ReturnType<typeof openPage>>

/** Starts a server of one page. Its script is set later. */
const openPage = async () => {
  let script = ''
  const server = createServer(({ url }, response) => {
    response.setHeader('Content-Type', url === '/script.js' ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(url === '/script.js' ? script : '<!doctype html><script type="module" src="/script.js"></script>')
  })
  const { port, close } = await listen(server)
  return {
    origin: `http://localhost:${port}`,
    setScript: (text: string) => {
      script = text
    },
    close,
  }
}

const runPage = async (path: string, server: StartedServer, page: Page): Promise<undefined> => {
  page.setScript(await bundle(path, { entryPoints: ['page.mjs'] }))
  const browser = await launchChromium()
  try {
    const tab = await browser.newPage()
    await tab.goto(`${page.origin}/shop/index.html?x=1`)
    const call = `runScenario(${JSON.stringify(server.url)}, 'page')`
    judge(await tab.evaluate(call), 'page')
    for (const [baseUrl, path] of Object.entries(relative)) await judgeRelative(tab, baseUrl, `${page.origin}${path}`)
  } finally {
    await browser.close()
  }
}

/** Relative base URLs, and where they lead `/health/live` to from a page in `/shop`. */
const relative = {
  '': '/health/live',
  '/': '/health/live',
  ' api// ': '/shop/api/health/live',
}

/** The server of the page responds to every request with a page, so that the client reports the URL. */
const judgeRelative = async (tab: Tab, baseUrl: string, url: string): Promise<void> => {
  const seen = await tab.evaluate(`callFrom(${JSON.stringify(baseUrl)})`)
  if (seen !== `undeclared-answer ${url}`)
    throw new Error(`The base URL "${baseUrl}" should have led to ${url}: ${String(seen)}`)
}

const weigh = async (path: string): Promise<string> => {
  const contents = "export { createClient, SesameError } from '@sesame-auth/client'"
  const text = await bundle(path, { stdin: { contents, resolveDir: path } })
  const bytes = gzipSync(text, { level: 9 }).length
  const measured = `${bytes} bytes minified and gzipped, with its dependencies (${maxBytes} bytes)`
  if (bytes > maxBytes) throw new Error(measured)
  return measured
}
