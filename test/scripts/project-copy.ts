import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const parts = [
  'scripts/artefacts.mjs',
  'scripts/artefacts',
  'scripts/references.mjs',
  'artefacts',
  'openapi.yaml',
  'package.json',
]

/** A folder with what `npm run artefacts` needs, as it is in the project. */
export const createProjectCopy = () => {
  const path = mkdtempSync(join(tmpdir(), 'sesame-artefacts-'))
  for (const part of parts) cpSync(part, join(path, part), { recursive: true })
  symlinkSync(join(process.cwd(), 'node_modules'), join(path, 'node_modules'), 'junction')
  return {
    artefacts: join(path, 'artefacts'),
    contract: join(path, 'openapi.yaml'),
    run: (...words: string[]) =>
      // Node 26 warns when the converter's packages look for a browser's storage.
      spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', join(path, 'scripts', 'artefacts.mjs'), ...words],
        { encoding: 'utf8' },
      ),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
