// Third-party generators make clients from the contract that a running service serves. Each must succeed without a
// warning, compile strictly, and have every operation and schema under its own name with the types of the contract.
// Each client signs up, logs in, reads /protected, lists and ends sessions, and reads three errors by their types.
//
// The generators also get damaged contracts, which must lead to failures.
import { emptyFolder, productionSettings, startServer } from '../support/process.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generators, packages } from './generators/catalogue.ts'
import { check, generate, type Making, travel } from './generators/client.ts'
import { columns, damages } from './generators/damages.ts'
import { type Client, describeClient, judge, tableOf } from './generators/judge.ts'
import { fetchNode, installPackages } from './npm.ts'
import type { Prove, Result } from './proof.ts'

// Two of the generators need Node 22.19 or later. The clients run on the Node of this process.
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
  // The client finds its runtime from a folder below the generators.
  const folder = emptyFolder(packages)
  const generated = generate({ generator, node, packages, folder, document, input })
  return {
    generator,
    folder,
    generated,
    ...(generated.succeeded && { checked: check({ generator, folder, document }) }),
  }
}

/** Gives damaged contracts to a generator. Every column must show a fault at least once. */
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
