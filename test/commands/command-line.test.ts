import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { readVersion } from '../../src/package.ts'
import { onLinux } from '../support/on-platforms.ts'
import { emptyFolder, main } from '../support/process.ts'
import { sesame, sesameHere } from '../support/sesame.ts'

const names = ['serve', 'init', 'migrate', 'doctor', 'backup', 'export', 'import', 'verify']

describe('the program', () => {
  test.each(['--help', '-h', 'help'])('lists its commands: %s', async (word) => {
    const { status, stdout } = await sesameHere('', [word])
    expect(stdout).toMatch(/^Sesame \d+\.\d+\.\d+\n\nUsage: npm run sesame -- COMMAND\n/)
    expect([...stdout.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name)).toEqual(names)
    expect(status).toBe(0)
  })

  test.each(['--version', '-v'])('says its version: %s', async (word) => {
    expect(await sesameHere('', [word])).toEqual({ status: 0, stdout: `${readVersion()}\n`, stderr: '' })
  })

  test.each(['toString', 'frobnicate'])('refuses the command %s with status 2', async (name) => {
    const { status, stderr } = await sesameHere('', [name])
    expect(stderr).toBe(
      `error: unknown command "${name}".\n\nRun \`npm run sesame -- --help\` for the list of commands.\n`,
    )
    expect(status).toBe(2)
  })

  test.each([
    ['doktor', 'doctor'],
    ['imprt', 'import'],
    ['server', 'serve'],
  ])('asks whether %s was to be %s', async (name, meant) => {
    expect((await sesameHere('', [name])).stderr).toContain(`unknown command "${name}". Did you mean "${meant}"?\n`)
  })

  test.each([[[]], [['serve']]])('serves, or says why it cannot, with the words %j', async (words) => {
    const { status, stderr } = await sesameHere('', words, '', { environment: { PORT: 'none' } })
    expect(stderr).toMatch(/^error: PORT is not valid: .*\n$/)
    expect(status).toBe(2)
  })

  test.each([[['serve', '--port', '9000']], [['--port', '9000']]])('refuses the options %j', async (words) => {
    const { status, stderr } = await sesameHere('', words)
    expect(stderr).toMatch(/^error: Unknown option '--port'[^]*\n\nUsage: npm run sesame -- serve\n/)
    expect(status).toBe(2)
  })

  test('ends with the status of the command, and writes errors to the standard error', async () => {
    const { status, stdout, stderr } = await sesame('', ['verify', 'ftp://localhost'])
    expect(stderr).toMatch(/^error: ftp:\/\/localhost is not an http or https URL/)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  test('ends with 2 where a setting is wrong, whatever the command', async () => {
    for (const words of [['serve'], ['migrate', 'up'], ['doctor'], ['backup', 'copy'], ['export'], ['import', '-']]) {
      const { status, stderr } = await sesameHere('mysql:', words)
      expect(stderr).toMatch(/^(warning: .*\n)?error: DATABASE_URL is not valid: use .*\n$/)
      expect([words, status]).toEqual([words, 2])
    }
  })
})

describe.each(names)('sesame %s', (name) => {
  test.each(['--help', '-h'])('explains itself: %s', async (word) => {
    const { status, stdout, stderr } = await sesameHere('mysql:', [name, word])
    expect(stdout).toMatch(
      new RegExp(`^Usage: npm run sesame -- ${name}( .*)?\\n\\n[^]*\\n  -h, --help +show this help\\n$`),
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

onLinux('an import on a terminal ends at once, with what to do', () => {
  const command = `'${process.execPath}' '${main}' import`
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: emptyFolder(),
    encoding: 'utf8',
    // The terminal stays open.
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 20_000,
  })
  expect(stdout).toMatch(/^error: import requires a file: `npm run sesame -- import FILE`/)
  expect(status).toBe(2)
})
