// Finds the places of a source file where one small change should make a test fail.
import ts from 'typescript'

const operators = new Map([
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

const isExit = (node) =>
  ts.isReturnStatement(node) ||
  ts.isThrowStatement(node) ||
  ts.isContinueStatement(node) ||
  (ts.isBlock(node) && node.statements.length > 0 && isExit(node.statements.at(-1)))

/** What each kind of node may become: `[node that is replaced, replacement]`. */
const changesOf = (node, text) => {
  if (ts.isExpressionStatement(node)) return [[node, ';']]
  if (ts.isIfStatement(node)) {
    const removed = isExit(node.thenStatement) && !node.elseStatement ? [[node, ';']] : []
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
  // One more than a large number would be a matter of chance: how long something takes, how much there is.
  if (ts.isNumericLiteral(node))
    return [[node, Number(node.text) < 1000 ? `(${text(node)} + 1)` : `(${text(node)} * 2)`]]
  return []
}

// A comparison is negated where its operator is exchanged.
const negated = (condition, text) => (ts.isBinaryExpression(condition) ? [] : [[condition, `!(${text(condition)})`]])

// Types do not run.
const isPassedOver = (node) =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node)

/** All single mutations of a file, in the order of its text. */
export const mutationsOf = (file, source) => {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const mutations = []
  const visit = (node) => {
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

const splice = (source, start, end, text) => source.slice(0, start) + text + source.slice(end)
