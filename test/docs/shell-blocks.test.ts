import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { onUnix } from '../support/on-platforms.ts'
import { emptyFolder, type Environment, main, root, runProgram, systemEnvironment } from '../support/process.ts'
import { startService } from '../support/service.ts'

/** The shell blocks of a page that contain a pattern. */
const blocksOf = (page: string, pattern: RegExp): readonly string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^( *)```sh\n([^]*?)^\1```$/gm)]
    .map(([, , block = '']) => block)
    .filter((block) => pattern.test(block))

/** Runs a script in an empty folder, and stops at the first command that fails. */
const run = async (script: string, environment: Environment = {}, cwd = emptyFolder()) => {
  const env = { ...systemEnvironment(), ...environment }
  const { status, stdout, stderr } = await runProgram('bash', ['-euc', script], { cwd, env })
  return { status, stdout, stderr }
}

/** Matches an output in which the responses that the comments of a block show come in this order. */
const expectedOf = (block: string): RegExp => {
  const shown = [...block.matchAll(/^# (\{.*)$/gm)].map(([, text = '']) => text)
  const patterns = shown.map((text) =>
    text
      .replace(/"created_at":"[^"]*"/, '"created_at":"..."')
      .split('...')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  )
  return new RegExp(patterns.join('[^]*'))
}

// Each page is followed by somebody who has just started the server.
onUnix.each(['README.md', 'docs/chapter.md', 'docs/chapter.ko.md'])(
  'the curl commands of %s get the responses that it shows',
  async (page) => {
    const service = await startService()
    const blocks = blocksOf(page, /curl .*localhost:8000/)
    expect(blocks.length).toBeGreaterThan(0)
    const script = blocks.join('\n').replaceAll('localhost:8000', `127.0.0.1:${service.port}`)
    const { status, stdout } = await run(script)
    expect(stdout).toMatch(expectedOf(blocks.join('\n')))
    expect(status).toBe(0)

    // Those who begin anew have an account already. The rest works as before.
    const again = await run(script)
    expect(again.stdout).toContain('Username already exists')
    expect(again.status).toBe(0)
    await service.stop()
  },
)

onUnix.each(['docs/stores.md', 'docs/backup-and-migration.md'])(
  'the commands of %s on SQLite succeed in their order',
  async (page) => {
    const folder = emptyFolder()
    const sesame = (script: string): string => script.replaceAll('npm run sesame --', `node ${main}`)
    const blocks = blocksOf(page, /DATABASE_URL=sqlite:.* npm run sesame --/)
    expect(blocks.length).toBeGreaterThan(0)
    const prepare = 'DATABASE_URL=sqlite:./sesame.db npm run sesame -- migrate up\n'
    const { status, stderr } = await run(sesame(`umask 077\n${prepare}${blocks.join('\n')}`), {}, folder)
    expect({ status, stderr }).toMatchObject({ status: 0 })
  },
)

onUnix.each(['docs/chapter.md', 'docs/chapter.ko.md'])(
  'the command of %s for settings that last works',
  async (page) => {
    const [block = ''] = blocksOf(page, /sesame -- init/)
    const { status, stdout } = await run(block.replaceAll('npm run sesame --', `node ${main}`))
    expect(stdout).toContain('.env holds a new SECRET_KEY')
    expect(status).toBe(0)
  },
)
