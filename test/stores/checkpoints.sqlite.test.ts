import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { onLinux } from '../support/on-platforms.ts'
import { accountOf, openFile } from '../support/sqlite.ts'

const writesBetweenCheckpoints = 200

type Writer = Pick<Awaited<ReturnType<typeof openFile>>, 'stores'>

/** Makes as many writes as lead to a checkpoint, whose rows have this size. */
const writeUntilCheckpoint = async ({ stores }: Writer, round: number, bytes: number): Promise<void> => {
  const passwordHash = 'x'.repeat(bytes)
  for (let i = 0; i < writesBetweenCheckpoints; i += 1)
    expect(await stores.accounts.create({ ...accountOf(`name-${round}-${i}`), passwordHash })).toBe('created')
}

/** Waits for what a checkpoint does on its thread. */
const until = async (isDone: () => boolean): Promise<void> => {
  const end = performance.now() + 30_000
  while (!isDone()) {
    if (performance.now() > end) throw new Error('The checkpoint did not do that')
    await nextTurn()
  }
}

const descriptorsOf = (file: string): number =>
  readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(file)
    } catch {
      // The one by which the folder was read.
      return false
    }
  }).length

onLinux('checkpoints share one connection', async () => {
  const { file, stores } = await openFile()
  const counts = []
  for (let round = 0; round < 4; round += 1) {
    const before = statSync(file).size
    await writeUntilCheckpoint({ stores }, round, 1_000)
    await until(() => statSync(file).size > before)
    counts.push(descriptorsOf(file))
  }
  expect(counts[0]).toBeGreaterThan(0)
  expect(new Set(counts).size).toBe(1)
})

test('a log over 16 MiB is emptied while the server writes', async () => {
  const { file, stores } = await openFile()
  const logBytes = (): number => statSync(`${file}-wal`).size
  await writeUntilCheckpoint({ stores }, 0, 100_000)
  await until(() => logBytes() === 0)
  expect(await stores.accounts.create(accountOf('licat'))).toBe('created')
  expect(logBytes()).toBeGreaterThan(0)
})
