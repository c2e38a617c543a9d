// Clients made by third-party generators from the contract that a running service serves: made without a warning,
// compiled strictly, every operation and schema under its own name with the types of the contract, and each one
// signs up, logs in, reads what is protected and reads two errors by their types.
//
// The generators get damaged contracts too, so that it shows that a fault does not pass.
import { emptyFolder, productionSettings, startServer } from '../support/process.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generators, packages } from './generators/catalogue.ts'
import { check, generate, type Making, travel } from './generators/client.ts'
import { columns, damages } from './generators/damages.ts'
import { type Client, describeClient, judge, tableOf } from './generators/judge.ts'
import { fetchNode, installPackages } from './npm.ts'
import type { Prove, Result } from './proof.ts'

// Two of the generators ask for 22.19 or later. What they make is run on the Node that runs this.
const generatorNode = 24

export const prove: Prove = async () => {
  const path = installPackages(packages)
  const node = fetchNode(generatorNode).path
  const server = await startServer({ settings: { ...productionSettings(), HOST: 'localhost' } })
  const url = `http://localhost:${server.port}`
  const document = await (await fetch(`${url}/openapi.json`)).json()

  const clients: Client[] = []
  for (const generator of generators) {
    const client = make({ generator, node, packages: path, document, input: `${url}/${generator.document}` })
    clients.push({ ...client, journey: client.checked && (await travel(client.folder)) })
  }
  await server.stop()
  const twins = generators.map((generator) => proveDamages({ generator, node, packages: path, document }))
  const last = { passed: true, text: 'what each client does:', table: tableOf(clients) }
  return [...clients.map(describeClient), last, ...twins]
}

/** Makes a client and checks it. */
const make = ({ generator, node, packages, document, input }: Making): Client => {
  // Below the generators, where the client finds its runtime.
  const folder = emptyFolder(packages)
  const generated = generate({ generator, node, packages, folder, document, input })
  return {
    generator,
    folder,
    generated,
    ...(generated.succeeded && { checked: check({ generator, folder, document }) }),
  }
}

/** Gives a generator damaged contracts, and sees which faults come to light. */
const proveDamages = ({ generator, node, packages, document }: Omit<Making, 'input'>): Result => {
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
