import ts from 'typescript'

/** A comment, a test title or a paragraph, and its first line. */
export interface Prose {
  readonly line: number
  readonly text: string
}

/** A name in code: an identifier, a key of an object, a member. */
export interface Name {
  readonly line: number
  readonly name: string
}

/** The prose of a file for engineers: a document's text outside of code, and the comments and test titles of code. */
export function proseOf(file: string, text: string): Prose[] {
  if (file.endsWith('.md')) return paragraphsOf(text)
  return isCode(file) ? [...commentsOf(file, text), ...titlesOf(file, text)] : []
}

export function namesOf(file: string, text: string): Name[] {
  if (!isCode(file)) return []
  const source = parse(file, text)
  return nodesOf(source)
    .filter(node => ts.isIdentifier(node) || ts.isPrivateIdentifier(node))
    .map(node => ({ line: lineAt(source, node.getStart(source)), name: node.text }))
}

function isCode(file: string): boolean {
  return /\.(tsx?|mjs|js)$/.test(file)
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : undefined,
  )
}

function nodesOf(source: ts.SourceFile): ts.Node[] {
  const all: ts.Node[] = []
  const visit = (node: ts.Node) => {
    all.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return all
}

function lineAt(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1
}

/** Joins the lines of a comment, so that a phrase broken across two lines is found. */
function commentsOf(file: string, text: string): Prose[] {
  const source = parse(file, text)
  const ranges = new Map<number, ts.CommentRange>()
  const visit = (node: ts.Node) => {
    const leading = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []
    const trailing = ts.getTrailingCommentRanges(text, node.getEnd()) ?? []
    for (const range of [...leading, ...trailing]) ranges.set(range.pos, range)
    for (const child of node.getChildren(source)) visit(child)
  }
  visit(source)
  // Text between JSX tags is not a comment, even if it looks like one.
  for (const node of nodesOf(source).filter(ts.isJsxText)) {
    for (const pos of ranges.keys()) if (pos >= node.pos && pos < node.end) ranges.delete(pos)
  }
  const lines: Prose[] = []
  let end = -1
  for (const { pos, end: next } of [...ranges.values()].sort((one, other) => one.pos - other.pos)) {
    const words = text
      .slice(pos, next)
      .replace(/^\/\*+|\*\/$/g, '')
      .replace(/^\s*(\/\/|\*)\s?/gm, '')
    const last = lines.at(-1)
    if (last && text.slice(end, pos).trim() === '')
      lines.splice(-1, 1, { ...last, text: spaced(`${last.text} ${words}`) })
    else lines.push({ line: lineAt(source, pos), text: spaced(words) })
    end = next
  }
  return lines
}

function titlesOf(file: string, text: string): Prose[] {
  const source = parse(file, text)
  return nodesOf(source).flatMap(node => {
    if (!ts.isCallExpression(node) || !/^(test|it|describe)\b/.test(node.expression.getText(source))) return []
    const [title] = node.arguments
    return title && ts.isStringLiteralLike(title)
      ? [{ line: lineAt(source, title.getStart(source)), text: spaced(title.text) }]
      : []
  })
}

/** Omits code, in blocks or within a line, whose names another rule checks, and the addresses of links. */
function paragraphsOf(text: string): Prose[] {
  const blank = (code: string) => code.replace(/[^\n]/g, ' ')
  const plain = text
    .replace(/^```[\s\S]*?^```/gm, blank)
    .replace(/`[^`\n]*`/g, blank)
    .replace(/\]\([^)\n]*\)/g, blank)
  return plain.split('\n').map((words, index) => ({ line: index + 1, text: spaced(words) }))
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
