import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { readVersion } from '../../src/package.ts'
import { emptyFolder, startProcess, urlOf } from '../support/process.ts'

interface Packed {
  readonly files: readonly { readonly path: string }[]
}

const pack = (): readonly string[] => {
  // On Windows npm is a script of the shell.
  const shell = process.platform === 'win32'
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json'], { encoding: 'utf8', shell })
  const [packed] = JSON.parse(stdout) as readonly Packed[]
  return (packed?.files ?? []).map(({ path }) => path)
}

let files: readonly string[] = []
beforeAll(() => {
  files = pack()
})

/** The anchor that a heading of Markdown has on a page. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchorsIn = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

const isAlive = (page: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : posix.join(posix.dirname(page), path)
  if (!files.some((file) => file === target || file.startsWith(`${target}/`))) return false
  return anchor === undefined || anchorsIn(target).includes(anchor)
}

test('no link of a packed page is dead', () => {
  const pages = files.filter((path) => path.endsWith('.md'))
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/settings.md']))
  const links = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => ({ page, link })),
  )
  const local = links.filter(({ link }) => !/^https?:/.test(link))
  expect(local.length).toBeGreaterThan(10)
  expect(local.filter(({ page, link }) => !isAlive(page, link))).toEqual([])
})

describe('the packed program, installed in a folder', () => {
  let bin = ''
  beforeAll(() => {
    const installed = join(emptyFolder(), 'node_modules', '@sesame-auth', 'sesame')
    for (const path of files) cpSync(path, join(installed, path))
    // What npm would install beside it.
    symlinkSync(join(process.cwd(), 'node_modules'), join(installed, 'node_modules'), 'junction')
    const { bin: bins } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<string, string>>
    }
    bin = join(installed, bins.sesame ?? '')
  })

  const run = async (words: readonly string[], environment = {}, folder = emptyFolder()) => {
    const { exit, stdout, stderr } = startProcess(environment, folder, words, { script: bin })
    return { status: await exit, stdout: stdout(), stderr: stderr() }
  }

  test('can be started by its name, and says its version', async () => {
    expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    expect(await run(['--version'])).toEqual({ status: 0, stdout: `${readVersion()}\n`, stderr: '' })
  })

  test('names the command that can be typed there', async () => {
    expect((await run(['--help'])).stdout).toMatch(/\nUsage: npx sesame COMMAND\n/)
    expect((await run(['backup'])).stderr).toContain('\nUsage: npx sesame backup FILE\n')
    const folder = emptyFolder()
    writeFileSync(join(folder, 'empty.db'), '', { mode: 0o600 })
    const doctor = await run(['doctor'], { DATABASE_URL: 'sqlite:./empty.db' }, folder)
    expect(doctor.stdout).toMatch(/^fail +schema +lacks .+: run `npx sesame migrate up`$/m)
    expect(doctor.status).toBe(1)
  })

  test('serves', async () => {
    const server = startProcess({ PORT: '0', HOST: '127.0.0.1' }, emptyFolder(), ['serve'], { script: bin })
    const url = await urlOf(server)
    expect((await fetch(`${url}/docs`)).status).toBe(200)
    expect((await fetch(`${url}/docs/ko.json`)).status).toBe(200)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })
})
