// Lists the small changes of a source file that should each make a test fail.
import ts from 'typescript'

/** One small change of a source file. */
export interface Mutation {
  readonly file: string
  readonly line: number
  readonly before: string
  readonly after: string
  /** The whole file with the change. */
  readonly mutated: string
}

type TextOf = (node: ts.Node) => string
type Change = readonly [replaced: ts.Node, replacement: string]

const operators = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
  [ts.SyntaxKind.PlusEqualsToken, '-='],
  [ts.SyntaxKind.MinusEqualsToken, '+='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
])

const isExit = (node: ts.Node | undefined): boolean =>
  node !== undefined &&
  (ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isContinueStatement(node) ||
    (ts.isBlock(node) && isExit(node.statements.at(-1))))

/** The changes of a node: the nodes that they replace, and the replacements. */
const changesOf = (node: ts.Node, text: TextOf): readonly Change[] => {
  if (ts.isExpressionStatement(node)) return [[node, ';']]
  if (ts.isIfStatement(node)) {
    const removed: readonly Change[] = isExit(node.thenStatement) && !node.elseStatement ? [[node, ';']] : []
    return [...negated(node.expression, text), ...removed]
  }
  if (ts.isConditionalExpression(node)) return negated(node.condition, text)
  if (ts.isBinaryExpression(node)) {
    const operator = operators.get(node.operatorToken.kind)
    if (operator !== undefined) return [[node.operatorToken, operator]]
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [[node, text(node.left)]]
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [[node, text(node.operand)]]
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']]
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, 'true']]
  // A large number is a time or a size: tests cannot notice one more, so that it is doubled.
  if (ts.isNumericLiteral(node))
    return [[node, Number(node.text) < 1000 ? `(${text(node)} + 1)` : `(${text(node)} * 2)`]]
  return []
}

// The exchange of its operator already negates a comparison.
const negated = (condition: ts.Expression, text: TextOf): readonly Change[] =>
  ts.isBinaryExpression(condition) ? [] : [[condition, `!(${text(condition)})`]]

// Types do not run.
const isPassedOver = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node)

/** Lists all single mutations of a file, in the order of its text. */
export const mutationsOf = (file: string, source: string): readonly Mutation[] => {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const mutations: Mutation[] = []
  const visit = (node: ts.Node): void => {
    if (isPassedOver(node)) return
    for (const [replaced, after] of changesOf(node, (part) => part.getText(tree))) {
      const [start, end] = [replaced.getStart(tree), replaced.getEnd()]
      const line = tree.getLineAndCharacterOfPosition(start).line + 1
      mutations.push({
        file,
        line,
        before: source.slice(start, end),
        after,
        mutated: splice(source, start, end, after),
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return mutations
}

const splice = (source: string, start: number, end: number, text: string): string =>
  source.slice(0, start) + text + source.slice(end)
