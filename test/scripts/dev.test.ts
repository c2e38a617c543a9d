import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import { freePort } from '../support/listen.ts'
import { emptyFolder, type ServerProcess, startProcess } from '../support/process.ts'
import { randomFrom } from '../support/seeded-random.ts'

// DEV_SAVES=200 takes some minutes.
const saves = Number(process.env.DEV_SAVES ?? 12)
const seed = Number(process.env.DEV_SEED ?? Date.now() % 2 ** 31)
const patienceMilliseconds = 30_000

const project = emptyFolder()
const pathOf = (name: string): string => join(project, name)
const problems = pathOf('src/http/problems.ts')
let original: string
let url: string
let dev: ServerProcess

beforeAll(async () => {
  for (const name of ['src', 'scripts', 'contract', 'openapi.yaml', 'package.json', 'tsconfig.json'])
    cpSync(name, pathOf(name), { recursive: true, preserveTimestamps: true })
  symlinkSync(join(process.cwd(), 'node_modules'), pathOf('node_modules'), 'junction')
  original = readFileSync(problems, 'utf8')
  const port = await freePort()
  url = `http://127.0.0.1:${port}/nothing-here`
  const settings = { HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'silent' }
  dev = startProcess(settings, project, [], { script: pathOf('scripts/dev.mjs') })
  await dev.says('contract  ')
})

/** The source of a version whose 404 responses have its number as their detail. */
const version = (number: number): string => original.replace("'Not Found'", `'Version ${number}'`)

const half = (text: string): string => text.slice(0, text.length / 2)

const saveInPlace = (text: string): void => writeFileSync(problems, text)

/** As editors do that never leave a half-written file. */
const saveByRename = (text: string): void => {
  writeFileSync(`${problems}.new`, text)
  renameSync(`${problems}.new`, problems)
}

const served = async (): Promise<string | undefined> => {
  try {
    const response = await fetch(url)
    return ((await response.json()) as { detail: string }).detail
  } catch {
    return undefined
  }
}

/** Waits until the server responds with one of some numbers.
 * @returns the milliseconds that it took */
const serves = async (...numbers: readonly number[]): Promise<number> => {
  const details = numbers.map((number) => `Version ${number}`)
  const start = performance.now()
  for (let last: string | undefined; ; last = await served()) {
    if (last !== undefined && details.includes(last)) return performance.now() - start
    if (performance.now() - start > patienceMilliseconds) throw new Error(`${last} instead of ${details.join(' or ')}`)
    await delay(20)
  }
}

test('serves a change that is saved in place, and one that is saved by rename', async () => {
  saveInPlace(version(1))
  await serves(1)
  saveByRename(version(2))
  await serves(2)
  saveByRename(version(3))
  await serves(3)
})

test('keeps the last version while a file is half written', async () => {
  saveInPlace(half(version(4)))
  await dev.says('ERROR')
  expect(await served()).toBe('Version 3')
  saveInPlace(version(5))
  await serves(5)
})

test('gives way to the last version that served when a build does not', async () => {
  saveInPlace(`${version(6)}\nthrow new Error('This version cannot start')\n`)
  await dev.says('The new build does not start. The last working build runs again.')
  await serves(5)
})

test('notices new folders and deleted files', async () => {
  mkdirSync(pathOf('src/extra/more'), { recursive: true })
  writeFileSync(pathOf('src/extra/more/number.ts'), 'export const number = 7\n')
  saveInPlace(
    `import { number } from '../extra/more/number.ts'\n${original.replace("'Not Found'", '`Version ${number}`')}`,
  )
  await serves(7)
  writeFileSync(pathOf('src/extra/more/number.ts'), 'export const number = 8\n')
  await serves(8)
  rmSync(pathOf('src/extra'), { recursive: true })
  await dev.says('The file ../extra/more/number.ts does not exist')
  expect(await served()).toBe('Version 8')
  saveInPlace(version(9))
  await serves(9)
})

test('prints a type error, and serves all the same', async () => {
  saveInPlace(`${version(10)}\nexport const wrong: number = 'text'\n`)
  await serves(10)
  await dev.says("Type 'string' is not assignable to type 'number'")
  saveInPlace(version(11))
  await serves(11)
})

test(
  `serves the last of ${saves} random saves, whenever they come`,
  async () => {
    console.info(`seed of the saves: ${seed} (DEV_SEED repeats it)`)
    const random = randomFrom(seed)
    const durations: number[] = []
    let stable = 11
    for (let number = 100; number < 100 + saves;) {
      const good = [stable]
      let isGood = true
      for (let left = 1 + Math.floor(random() * 4); left > 0; left -= 1, number += 1) {
        const kind = random()
        isGood = kind < 0.8
        if (isGood) good.push(number)
        if (kind < 0.3) saveInPlace(version(number))
        else if (kind < 0.6) saveByRename(version(number))
        else if (kind < 0.8) {
          // Two files at once.
          saveInPlace(version(number))
          writeFileSync(pathOf('src/http/unused.ts'), `export const number = ${number}\n`)
        } else if (kind < 0.9) saveInPlace(half(version(number)))
        else saveByRename(`${version(number)}\nthrow new Error('This version cannot start')\n`)
        await delay(random() * 600)
      }
      // After broken saves, it depends on the moment of each which of the good ones was built.
      durations.push(await serves(...(isGood ? [number - 1] : good)))
      stable = Number(/\d+/.exec((await served()) ?? '')?.[0] ?? stable)
    }
    durations.sort((a, b) => a - b)
    const seconds = (milliseconds = 0): string => (milliseconds / 1000).toFixed(2)
    console.info(
      `from the last save: median ${seconds(durations[durations.length >> 1])} s, at most ${seconds(durations.at(-1))} s`,
    )
  },
  120_000 + saves * 2_000,
)

test('ends with its server', async () => {
  dev.child.kill('SIGTERM')
  expect(await dev.exit).toBe(0)
  expect(await served()).toBeUndefined()
})
