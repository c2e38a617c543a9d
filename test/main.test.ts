import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { emptyFolder, startProcess } from './support/process.ts'

/** Runs `sesame --help` on a Node that takes itself for another version. */
const helpOn = async (version: string) => {
  const folder = emptyFolder()
  const preload = join(folder, 'version.cjs')
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`
  writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${versions} })`)
  const environment = { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` }
  const { exit, stdout, stderr } = startProcess(environment, folder, ['--help'])
  return { status: await exit, stdout: stdout(), stderr: stderr() }
}

test.each(['18.20.8', '19.20.0', '20.0.0', '20.18.3'])('Node %s is too old, and is told so', async (version) => {
  expect(await helpOn(version)).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(new RegExp(`^error: Node ${version} is too old: .*20\\.19`)),
  })
})

test.each(['20.19.0', '20.20.2', '21.0.0', '26.10.0'])('Node %s is taken', async (version) => {
  expect(await helpOn(version)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: /m), stderr: '' })
})

test('serve takes no arguments: it says so with status 2, before it looks at its settings', async () => {
  const { exit, stderr } = startProcess({ PORT: 'eight' }, emptyFolder(), ['serve', 'now'])
  expect(await exit).toBe(2)
  expect(stderr()).toMatch(/^error: serve takes no arguments/)
})
