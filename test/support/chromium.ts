import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const findChromium = (): string => {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'))
  const places = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : ['/usr/bin/chromium', ...onPath]
  const found = places.find((place) => existsSync(place))
  if (found) return found
  const error = new Error(
    `There is no Chromium at ${places[0]}: run \`apt-get install -y chromium\`, or set CHROMIUM_PATH to where it is.`,
  )
  // The message says what to do. A stack adds nothing to it.
  delete error.stack
  throw error
}

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  // Names below `.example` lead to this machine, without DNS or a proxy.
  '--no-proxy-server',
  '--host-resolver-rules=MAP *.example 127.0.0.1',
]

/** Starts a headless browser that reaches only this machine. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: launchArguments })
