// Finds well-formed YAML that some parsers refuse.
import { isAlias, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml'

/** The problems in the text of a contract, each as a sentence. */
export const yamlProblems = (text) => {
  const lineCounter = new LineCounter()
  const problems = []
  visit(parseDocument(text, { lineCounter }), {
    Node: (_key, node, ancestors) => {
      const problem = problemOf(node, ancestors)
      if (problem) problems.push(`openapi.yaml, line ${lineCounter.linePos(node.range[0]).line}: ${problem}`)
    },
  })
  return problems
}

const problemOf = (node, ancestors) => {
  if (isAlias(node) || node.anchor) return 'write the value out: some parsers refuse anchors and aliases'
  const isInFlow = ancestors.some((ancestor) => isCollection(ancestor) && ancestor.flow)
  if (isScalar(node) && node.type === 'PLAIN' && node.source.includes(':') && isInFlow)
    return `quote ${node.source}: some parsers refuse a bare colon in a flow list`
  return undefined
}
