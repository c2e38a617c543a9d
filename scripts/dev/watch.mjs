import { once } from 'node:events'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import chokidar from 'chokidar'

// Changes within this time cause a single build, because an editor may write a file in several steps.
const settleMilliseconds = 50

/** Watches the sources and the contract of a project. Resolves once it is watching. */
export const watchSources = async (root) => {
  // The generator writes this file itself.
  const generated = join(root, 'src', 'contract', 'generated.ts')
  const watcher = chokidar.watch([join(root, 'src'), join(root, 'openapi.yaml'), join(root, 'contract', 'overlays')], {
    ignored: generated,
    ignoreInitial: true,
  })
  let wake
  let changed
  watcher.on('all', (_event, path) => {
    changed = relative(root, path)
    wake?.()
  })
  await once(watcher, 'ready')
  return {
    /** Waits for a change, unless there was one since the last call. Resolves to the path that changed. */
    next: async () => {
      if (!changed) await new Promise((resolve) => (wake = resolve))
      await delay(settleMilliseconds)
      const path = changed
      changed = undefined
      return path
    },
  }
}
