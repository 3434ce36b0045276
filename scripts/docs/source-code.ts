// Reading what the pages are made from: declarations and the comments that stand before them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './root.js';

export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly doc: string;
}

/** The members of an interface with their JSDoc, which every one but `type` of a signal must have. */
export function membersOf(file: string, interfaceName: string): Member[] {
  const found = parse(file).statements.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === interfaceName,
  );
  if (!found || !ts.isInterfaceDeclaration(found))
    throw new Error(`${file} has no interface ${interfaceName}`);
  return found.members.filter(ts.isPropertySignature).map((member) => {
    const name = member.name.getText();
    const doc = ts
      .getJSDocCommentsAndTags(member)
      .map((each) => ts.getTextOfJSDocComment(each.comment) ?? '');
    if (doc.length === 0 && name !== 'type')
      throw new Error(`${interfaceName}.${name} has no JSDoc in ${file}`);
    return {
      name,
      type: member.type?.getText() ?? 'unknown',
      isOptional: member.questionToken !== undefined,
      doc: doc.join(' '),
    };
  });
}

/** The strings of a union type with the comments before them. `plain` has those that need none. */
export function unionMembers(
  file: string,
  typeName: string,
  plain: Readonly<Record<string, string>> = {},
): Map<string, string> {
  const found = parse(file).statements.find(
    (node) => ts.isTypeAliasDeclaration(node) && node.name.text === typeName,
  );
  if (!found || !ts.isTypeAliasDeclaration(found) || !ts.isUnionTypeNode(found.type))
    throw new Error(`${file} has no union ${typeName}`);
  const docs = documented(found.type.types, found.type.getFullStart());
  for (const [name, doc] of docs) if (doc === '') docs.set(name, plain[name] ?? missing(file, name));
  return docs;
}

/** The strings of an array with the comments before them. */
export function arrayElements(file: string, constName: string): Map<string, string> {
  let array: ts.ArrayLiteralExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === constName && node.initializer)
      ts.forEachChild(node, (child) => {
        if (ts.isAsExpression(child) && ts.isArrayLiteralExpression(child.expression))
          array = child.expression;
      });
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  if (!array) throw new Error(`${file} has no array ${constName}`);
  const docs = documented(array.elements, array.elements.pos);
  for (const [name, doc] of docs) if (doc === '') missing(file, name);
  return docs;
}

/** A comment stands between the end of the node before and the beginning of its own. */
function documented(nodes: readonly ts.Node[], start: number): Map<string, string> {
  let end = start;
  return new Map(
    nodes.map((node) => {
      const before = node.getSourceFile().text.slice(end, node.getStart());
      end = node.getEnd();
      const doc = /\/\*\*(.*?)\*\//s.exec(before)?.[1] ?? '';
      return [node.getText().replace(/'/g, ''), doc.replace(/\s*\n\s*\*\s?/g, ' ').trim()];
    }),
  );
}

function missing(file: string, name: string): never {
  throw new Error(`${file}: ${name} has no comment that says what it means`);
}

export function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
