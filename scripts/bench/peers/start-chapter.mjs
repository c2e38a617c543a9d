// Starts the course chapter's FastAPI server, if Python has its packages.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { residentMib } from '../../../test/support/linux-process.ts'
import { isLinux } from '../../../test/support/platforms.ts'
import { root, startProgram } from '../../../test/support/process.ts'
import { cpuMicrosecondsOf, processTree } from '../linux-cpu.mjs'

export const remedy =
  'apt-get install -y python3-fastapi python3-uvicorn python3-jose python3-multipart python3-uvloop python3-httptools'

/** Uvicorn with its own event loop and HTTP parser, and with the faster packages that it uses if they are installed. */
const kinds = {
  fastapi: { name: "FastAPI, the chapter's server", loop: 'asyncio', http: 'h11' },
  'fastapi-uvloop': { name: 'FastAPI, uvloop and httptools', loop: 'uvloop', http: 'httptools' },
}

const listVersions = `
import importlib.metadata, json, platform, fastapi, uvicorn, jose, multipart
versions = {"python": platform.python_version()}
for name in ["fastapi", "uvicorn", "python-jose", "uvloop", "httptools"]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))
`

/** Finds a Python that can run the server, and the versions of its packages. Returns undefined if there is no such Python.
 * On other systems than Linux it also returns undefined, because the bench cannot read the CPU time of another process. */
export const findPython = () => {
  if (!isLinux) return undefined
  for (const command of ['/usr/bin/python3', 'python3']) {
    const { status, stdout } = spawnSync(command, ['-c', listVersions], { encoding: 'utf8' })
    if (status === 0) return { command, versions: JSON.parse(stdout) }
  }
  return undefined
}

/** The variants of the chapter's server that this Python can run. */
export const chapterPrograms = (python) =>
  Object.entries(kinds)
    .filter(([id]) => id === 'fastapi' || (python.versions.uvloop && python.versions.httptools))
    .map(([id, { name, loop, http }]) => ({ id, name, start: () => start(python, loop, http) }))

const start = async ({ command }, loop, http) => {
  const script = fileURLToPath(new URL('chapter.py', import.meta.url))
  const args = [script, join(root, 'test', 'proof', 'chapter'), loop, http]
  const { child, says, stop } = startProgram(command, args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' },
  })
  const port = Number((await says(/running on http:\/\/[^:]+:(\d+)/))[1])
  const tree = processTree(child.pid)
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    cpu: async () => cpuMicrosecondsOf(tree),
    residentMib: async () => residentMib(child.pid),
    stop,
  }
}
