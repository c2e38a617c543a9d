// Clients made by third-party generators from the contract that a running service serves: made without a warning,
// compiled strictly, every operation and schema under its own name with the types of the contract, and each one
// signs up, logs in, reads what is protected and reads two errors by their types.
//
// The generators get damaged contracts too, so that it shows that a fault does not pass.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from './at-exit.mjs'
import { generators, packages } from './generators/catalogue.mjs'
import { check, generate, travel } from './generators/client.mjs'
import { columns, damages } from './generators/damages.mjs'
import { describeClient, judge, tableOf } from './generators/judge.mjs'
import { installPackages } from './install.mjs'
import { findBinary } from './node-binary.mjs'
import { productionSettings, startServer } from './server.mjs'

// Two of the generators ask for 22.19 or later. What they make is run on the Node that runs this.
const generatorNode = 24

export const prove = async () => {
  const { path, remove } = installPackages(packages)
  const node = findBinary(generatorNode).path
  const server = await startServer({ settings: { ...productionSettings(), HOST: 'localhost' } })
  const url = `http://localhost:${server.port}`
  const document = await (await fetch(`${url}/openapi.json`)).json()

  const clients = []
  for (const generator of generators) {
    const client = make({ generator, node, packages: path, document, input: `${url}/${generator.document}` })
    clients.push({ ...client, journey: client.checked && (await travel(client.folder)) })
  }
  await server.stop()
  const twins = generators.map((generator) => proveDamages({ generator, node, packages: path, document }))
  remove()
  const proven = clients.map(describeClient)
  proven.at(-1).table = tableOf(clients)
  return [...proven, ...twins]
}

/** Makes a client and checks it. */
const make = ({ generator, node, packages, document, input }) => {
  // Below the generators, where the client finds its runtime.
  const folder = createTemporaryFolder(packages).path
  const generated = generate({ generator, node, packages, folder, input })
  return {
    generator,
    folder,
    generated,
    ...(generated.succeeded && { checked: check({ generator, folder, document }) }),
  }
}

/** Gives a generator damaged contracts, and sees which faults come to light. */
const proveDamages = ({ generator, node, packages, document }) => {
  const seen = damages.flatMap((damage, i) => {
    const damaged = structuredClone(document)
    damage(damaged)
    const input = join(packages, `damaged-${i}.json`)
    writeFileSync(input, JSON.stringify(damaged))
    const verdict = judge(make({ generator, node, packages, document, input }))
    return columns.filter((column) => verdict[column] !== undefined)
  })
  return {
    passed: columns.every((column) => seen.includes(column)),
    text: `${generator.name}, given damaged contracts, is found out by: ${columns.filter((column) => seen.includes(column)).join(', ')}`,
  }
}
