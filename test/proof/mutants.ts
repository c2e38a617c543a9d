// Runs the tests against a sample of single mutations of src. They should fail for each one that changes the service.
//   npm run proof -- mutants [--count N] [SEED] [--from I] [--folder http,accounts,sessions,stores,commands]
// A person judges the survivors, because some of them behave like the original.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { atEnd } from '../support/at-end.ts'
import { startPostgres } from '../support/postgres.mjs'
import { randomFrom, shuffle } from '../support/seeded-random.ts'
import { type Mutation, mutationsOf } from './mutants/mutations.ts'
import { createProjectCopy } from './mutants/project-copy.ts'
import { createSuite } from './mutants/suite.ts'
import type { Prove, Result } from './proof.ts'

interface Mutant extends Mutation {
  readonly folder: string
}

interface Judged extends Mutant {
  /** Undefined for a survivor. */
  readonly killer: string | undefined
}

const folders = ['http', 'accounts', 'sessions', 'stores', 'commands']
// Mutants that behave like the original count as survivors, because only a person can recognise them.
const leastScore = 0.85

export const prove: Prove = async ({ words, seed }) => {
  const { count, from, chosen } = readOptions(words)
  const { project, temporary, mutate } = createProjectCopy()
  const postgres = await startPostgres('-c fsync=off')
  atEnd(postgres.stop)
  const suite = createSuite({ project, environment: { TMPDIR: temporary, TEST_POSTGRES_URL: postgres.url } })
  const failure = await suite.runAll()
  if (failure) return [{ passed: false, text: `the tests fail without a mutation: ${failure}` }]

  const all = shuffle(
    chosen.flatMap((folder) => mutationsIn(project, folder)),
    randomFrom(seed),
  )
  const sample = all.slice(from - 1, from - 1 + count)
  const judged: Judged[] = []
  for (const [i, mutant] of sample.entries()) {
    const restore = mutate(mutant)
    const killer = await suite.killerOf(mutant.file)
    restore()
    judged.push({ ...mutant, killer })
    console.error(`${from + i} ${describe(mutant)}: ${killer === undefined ? 'SURVIVED' : `killed by ${killer}`}`)
  }
  return report(judged, `${sample.length} of ${all.length} mutations from ${from}, seed ${seed}`)
}

const readOptions = (words: readonly string[]) => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      count: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      folder: { type: 'string', default: folders.join() },
    },
  })
  const chosen = values.folder.split(',')
  const unknown = chosen.find((name) => !folders.includes(name))
  if (unknown !== undefined) throw new Error(`--folder ${unknown} is none of ${folders.join(', ')}`)
  return { count: Number(values.count), from: Number(values.from), chosen }
}

const mutationsIn = (project: string, folder: string): readonly Mutant[] =>
  readdirSync(join(project, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join('src', folder, name))
    .flatMap((file) => mutationsOf(file, readFileSync(join(project, file), 'utf8')))
    .map((mutation) => ({ ...mutation, folder }))

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')

const describe = ({ file, line, before, after }: Mutation): string =>
  `${file}:${line} \`${onOneLine(before)}\` -> \`${onOneLine(after)}\``

const report = (judged: readonly Judged[], sample: string): readonly Result[] => {
  const score = (list: readonly Judged[]): number =>
    list.filter(({ killer }) => killer !== undefined).length / list.length
  const table = folders
    .map((folder) => ({ folder, list: judged.filter((mutant) => mutant.folder === folder) }))
    .filter(({ list }) => list.length > 0)
    .map(({ folder, list }) => ({ folder, mutants: `${list.length}`, killed: percent(score(list)) }))
  const survivors = judged.filter(({ killer }) => killer === undefined).map((mutant) => `\n  - ${describe(mutant)}`)
  const text = `${sample}: ${percent(score(judged))} killed; survivors to judge: ${survivors.length}${survivors.join('')}`
  return [{ passed: score(judged) >= leastScore, text, table }]
}

const percent = (share: number): string => `${Math.round(100 * share)} %`
