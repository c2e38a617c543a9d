import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import yaml from 'js-yaml'
import { judge, type Project } from '../../scripts/contract-changes/judge.mjs'
import { readContract } from '../../src/contract/document.ts'

const contract: any = readContract()

type Kind = 'nothing' | 'documentation' | 'an addition' | 'a break'

/** The contract as a text, with a version and a change. */
const contractWith = (version: string, kind: Kind = 'nothing'): string => {
  const draft = structuredClone(contract)
  draft.info.version = version
  if (kind === 'documentation') draft.info.description = 'Other words'
  if (kind === 'an addition') draft.components.schemas.Password.maxLength = 257
  if (kind === 'a break') delete draft.components.schemas.TokenRequest.properties.client_id
  return yaml.dump(draft)
}

const entry = (version: string): string => `## ${version}\n\n### Changed in the contract\n\n- Something.\n`
const release = (version: string) => ({ version, text: contractWith(version), isIntact: true })

/** A project at a version, where `last` was released with the contract as it is. */
const projectAt = (version: string, last: string, kind: Kind): Project => ({
  contract: contractWith(version, kind),
  packageVersion: version,
  changelog: `# Changelog\n\n${entry(version)}${version === last ? '' : `\n${entry(last)}`}`,
  releases: [release(last)],
  otherFiles: [],
})

describe('a version after the last release', () => {
  const lowest = (version: string) => `require at least version ${version},`
  test.each<[version: string, last: string, kind: Kind, problem: string | undefined]>([
    ['0.1.0', '0.1.0', 'nothing', undefined],
    ['0.1.0', '0.1.0', 'documentation', undefined],
    ['0.1.0', '0.1.0', 'an addition', lowest('0.1.1')],
    ['0.1.0', '0.1.0', 'a break', lowest('0.2.0')],
    ['0.1.1', '0.1.0', 'nothing', undefined],
    ['0.1.1', '0.1.0', 'an addition', undefined],
    ['0.1.1', '0.1.0', 'a break', lowest('0.2.0')],
    ['0.2.0', '0.1.3', 'a break', undefined],
    ['0.10.0', '0.9.9', 'a break', undefined],
    ['1.0.0', '0.9.9', 'a break', undefined],
    ['1.2.1', '1.2.0', 'an addition', lowest('1.3.0')],
    ['1.3.0', '1.2.9', 'an addition', undefined],
    ['1.3.0', '1.2.0', 'a break', lowest('2.0.0')],
    ['2.0.0', '1.2.0', 'a break', undefined],
    ['10.0.0', '9.2.0', 'a break', undefined],
    ['0.1.9', '0.2.0', 'nothing', 'Version 0.1.9 is lower than the last release, 0.2.0: raise it.'],
    ['0.9.0', '0.10.0', 'nothing', 'Version 0.9.0 is lower than the last release, 0.10.0: raise it.'],
  ])('%s after %s with %s', (version, last, kind, problem) => {
    const { problems } = judge(projectAt(version, last, kind))
    expect(problems).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)])
  })

  test('is compared with the highest of all released ones', () => {
    const project = projectAt('0.10.0', '0.9.0', 'a break')
    const changelog = `${project.changelog}\n${entry('0.1.0')}`
    const releases = [{ ...release('0.1.0'), text: contractWith('0.1.0', 'a break') }, release('0.9.0')]
    expect(judge({ ...project, changelog, releases })).toMatchObject({ last: '0.9.0', problems: [] })
  })
})

describe('it is a problem that', () => {
  const project = projectAt('0.2.0', '0.1.0', 'a break')
  test.each<[what: string, change: Partial<Project>, problem: string]>([
    [
      'package.json has another version',
      { packageVersion: '0.1.0' },
      'package.json has version 0.1.0, openapi.yaml has 0.2.0: set both to the same version.',
    ],
    [
      'the top entry of the changelog is of another version',
      { changelog: entry('0.1.0') },
      'The top entry of CHANGELOG.md is "0.1.0": change its heading to "## 0.2.0", the version of openapi.yaml.',
    ],
    [
      'the top entry of the changelog has no version',
      { changelog: `## Unreleased\n\n- x\n\n${entry('0.1.0')}` },
      'The top entry of CHANGELOG.md is "Unreleased": change its heading to "## 0.2.0", the version of openapi.yaml.',
    ],
    [
      'the changelog has two entries in one',
      { changelog: `## 0.2.0-rc.1\n\n- x\n\n${entry('0.1.0')}` },
      'The top entry of CHANGELOG.md is "0.2.0-rc.1"',
    ],
    [
      'the top entry lists nothing',
      { changelog: `## 0.2.0\n\n${entry('0.1.0')}` },
      'CHANGELOG.md lists nothing for 0.2.0',
    ],
    [
      'the top entry does not list what has changed in the contract',
      { changelog: `## 0.2.0\n\n### Also\n\n- Faster.\n\n${entry('0.1.0')}` },
      'list it in CHANGELOG.md below "### Changed in the contract".',
    ],
    [
      'the released contract is not what it was',
      { releases: [{ ...release('0.1.0'), isIntact: false }] },
      'contract/released/0.1.0.yaml differs from the release (SHA256SUMS): restore it.',
    ],
    [
      'the released contract has another version than its name',
      { releases: [{ ...release('0.1.0'), text: contractWith('0.1.1') }] },
      'contract/released/0.1.0.yaml has info.version 0.1.1: restore it.',
    ],
    [
      'a released contract is gone',
      { releases: [] },
      'contract/released lacks 0.1.0, which CHANGELOG.md lists: restore the file.',
    ],
    [
      'an entry of the changelog is gone',
      { changelog: entry('0.2.0') },
      'CHANGELOG.md lacks 0.1.0, which contract/released contains: restore the entry.',
    ],
    [
      'something else lies among the released contracts',
      { otherFiles: ['0.1.0.yml'] },
      'contract/released/0.1.0.yml is not a released contract: remove it.',
    ],
    [
      'the version of the contract is none',
      { contract: contractWith('0.2') },
      'openapi.yaml: info.version 0.2 is not a version x.y.z.',
    ],
  ])('%s', (_what, change, problem) => {
    expect(judge({ ...project, ...change }).problems).toContainEqual(expect.stringContaining(problem))
  })

  test('none of these, and then there is none', () => {
    expect(judge(project).problems).toEqual([])
    expect(judge({ ...project, changelog: project.changelog.replaceAll('\n', '\r\n') }).problems).toEqual([])
    const dated = project.changelog.replace('## 0.2.0', '## 0.2.0 (2026-11-23)')
    expect(judge({ ...project, changelog: dated }).problems).toEqual([])
  })
})

describe('the commands', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sesame-release-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const scripts = fileURLToPath(new URL('../../scripts/', import.meta.url))
  const runIn = (where: string, script: string, ...words: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(scripts, script), where, ...words], {
      encoding: 'utf8',
    })
    return `${status} ${stdout}${stderr}`
  }
  const run = (script: string, ...words: string[]): string => runIn(folder, script, ...words)
  const write = (version: string, kind: Kind, changelog: string): void => {
    writeFileSync(join(folder, 'openapi.yaml'), contractWith(version, kind))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }))
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
  }

  test('release a contract, and from then on refuse what its version does not say', () => {
    write('0.1.0', 'nothing', entry('0.1.0'))
    expect(run('contract-changes.mjs')).toMatch(/^0 Version 0.1.0 may follow no release/)
    expect(run('release-contract.mjs')).toMatch(/^0 Wrote .*0\.1\.0\.yaml/)
    expect(run('contract-changes.mjs')).toMatch(/^0 Version 0.1.0 may follow 0.1.0/)

    write('0.1.0', 'a break', entry('0.1.0'))
    expect(run('contract-changes.mjs')).toMatch(/^1 breaking {4}POST \/token request: the member client_id was removed/)
    expect(run('release-contract.mjs')).toMatch(/^1 0.1.0 is already released: raise the version/)
    expect(run('release-contract.mjs', '--again')).toMatch(/^0 Wrote/)
    expect(run('contract-changes.mjs')).toMatch(/^0 Version 0.1.0 may follow 0.1.0/)

    write('0.2.0', 'nothing', `${entry('0.2.0')}\n${entry('0.1.0')}`)
    expect(run('release-contract.mjs')).toMatch(/^0 Wrote .*0\.2\.0\.yaml/)
    appendFileSync(join(folder, 'contract', 'released', '0.1.0.yaml'), '# by hand\n')
    expect(run('contract-changes.mjs')).toMatch(/^1 contract\/released\/0.1.0.yaml differs from the release/)
  })

  // Both commands read the files in the same way: one of them shows how each fault is reported.
  describe('say in one sentence', () => {
    const script = 'contract-changes.mjs'
    const names = ['openapi.yaml', 'package.json', 'CHANGELOG.md'] as const
    const cannotBeRead = (name: string) => `${join(folder, name)} cannot be read: `
    beforeEach(() => {
      rmSync(folder, { recursive: true })
      mkdirSync(folder)
      write('0.1.0', 'nothing', entry('0.1.0'))
    })

    test.each([script, 'release-contract.mjs'])('that the folder does not exist: %s', (each) => {
      const missing = join(folder, 'missing')
      const sentence = `${join(missing, 'openapi.yaml')} cannot be read: no such file or directory.`
      expect(runIn(missing, each)).toBe(`1 ${sentence}\n`)
    })

    test.each(names)('that %s is missing', (name) => {
      rmSync(join(folder, name))
      expect(run(script)).toBe(`1 ${cannotBeRead(name)}no such file or directory.\n`)
    })

    test.each(names)('that %s cannot be read', (name) => {
      rmSync(join(folder, name))
      mkdirSync(join(folder, name))
      expect(run(script)).toBe(`1 ${cannotBeRead(name)}illegal operation on a directory.\n`)
    })

    test('that the released contracts are in no folder', () => {
      mkdirSync(join(folder, 'contract'))
      writeFileSync(join(folder, 'contract', 'released'), '')
      expect(run(script)).toBe(`1 ${cannotBeRead(join('contract', 'released'))}not a directory.\n`)
    })

    const noContract = /^1 openapi\.yaml is not an OpenAPI 3\.0 document\.\n$/
    test.each([
      ['no YAML', 'openapi.yaml', 'paths:\n  /x: [\n', /^1 openapi\.yaml is not YAML, line \d: .+\.\n$/],
      ['empty', 'openapi.yaml', '', noContract],
      ['a word', 'openapi.yaml', 'Sesame', noContract],
      ['without paths', 'openapi.yaml', 'openapi: 3.0.3\ninfo: { version: 0.1.0 }', noContract],
      ['of OpenAPI 2.0', 'openapi.yaml', contractWith('0.1.0').replace('3.0.3', '2.0'), noContract],
      ['no JSON', 'package.json', '{', /^1 .*package\.json is not JSON: .+\.\n$/],
      [
        'no object',
        'package.json',
        'null',
        /^1 package\.json has version undefined, openapi\.yaml has 0\.1\.0: .+\.\n$/,
      ],
    ])('that it is %s, of %s', (_what, name, text, sentence) => {
      writeFileSync(join(folder, name), text)
      expect(run(script)).toMatch(sentence)
    })

    test('that a contract is too wrong to be compared', () => {
      expect(run('release-contract.mjs')).toMatch(/^0 Wrote/)
      write('0.2.0', 'nothing', `${entry('0.2.0')}\n${entry('0.1.0')}`)
      const broken = yaml.load(contractWith('0.2.0')) as any
      broken.paths['/signup'] = { post: { responses: { 200: { $ref: '#/components/responses/Nothing' } } } }
      writeFileSync(join(folder, 'openapi.yaml'), yaml.dump(broken))
      const reason = 'The contract has no #/components/responses/Nothing'
      expect(run(script)).toBe(
        `1 openapi.yaml cannot be compared with contract/released/0.1.0.yaml (${reason}): run \`npm run check\` to find where it is not valid OpenAPI.\n`,
      )
    })
  })
})
