// Finds the Chromium that drives a proof in a browser.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

/** A headless browser, without a network but this machine. */
export const launchChromium = () => {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'))
  const places = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : ['/usr/bin/chromium', ...onPath]
  const executablePath = places.find((place) => existsSync(place))
  if (executablePath === undefined)
    throw new Error(`There is no Chromium at ${places[0]}: install it, or set CHROMIUM_PATH`)
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-proxy-server'],
  })
}
