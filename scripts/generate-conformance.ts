/**
 * Writes docs/conformance.md: each requirement of docs/requirements.json with its status and the tests that show it.
 *
 * A test shows a requirement when a comment directly above its `describe` or `it` says so (`// covers: SSF-B-30,
 * SSF-B-31`), or when docs/requirements.json names it. With --check nothing is written, and the exit code is 1 when
 * the page is stale or when something does not hold together: a MUST without a test or a reason, a test that is not
 * there, a requirement that is unknown.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DATA = 'docs/requirements.json';
const PAGE = 'docs/conformance.md';

const STATUSES = ['met', 'partly', 'not yet', 'not applicable'] as const;

/** `file: title > title`, or a file alone; `pending` is one that is not in this checkout yet. */
type NamedTest = string | { readonly file: string; readonly pending: true };

interface Requirement {
  readonly id: string;
  /** as the source says, to a transmitter; DERIVED and DECIDED are not sentences of a source */
  readonly level: string;
  /** where the CAEP Interoperability Profile asks for more */
  readonly interop?: 'MUST';
  readonly text: string;
  readonly source: string;
  /** default: met */
  readonly status?: (typeof STATUSES)[number];
  /** why it is not met, or how it is met without a test */
  readonly note?: string;
  readonly tests?: readonly NamedTest[];
}

interface Data {
  readonly sections: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<string, string>>;
  readonly requirements: readonly Requirement[];
}

interface FoundTest {
  readonly file: string;
  /** of the `describe`s around it and its own; empty: the whole file */
  readonly titles: readonly string[];
  /** not in this checkout yet */
  readonly pending?: true;
}

interface Scan {
  readonly tests: readonly FoundTest[];
  /** by requirement */
  readonly tagged: ReadonlyMap<string, readonly FoundTest[]>;
  readonly problems: readonly string[];
}

async function main(isCheck: boolean): Promise<void> {
  const data = JSON.parse(readFileSync(join(ROOT, DATA), 'utf8')) as Data;
  const scan = await scanTests();
  const shown = new Map(data.requirements.map((each) => [each.id, testsOf(each, scan)]));
  const problems = [...scan.problems, ...problemsOf(data, scan, shown)];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;

  const file = join(ROOT, PAGE);
  const page = await format(render(data, shown), { ...(await resolveConfig(file)), parser: 'markdown' });
  if (existsSync(file) && page === (await readFile(file, 'utf8'))) return;
  if (isCheck) {
    process.stderr.write(`${PAGE} is stale: run npx tsx scripts/generate-conformance.ts and commit it\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, page);
    process.stdout.write(`${PAGE} written\n`);
  }
}

// -------------------------------------------------------------------------------------------- reading the tests

async function scanTests(): Promise<Scan> {
  const tests: FoundTest[] = [];
  const tagged = new Map<string, FoundTest[]>();
  const problems: string[] = [];
  for (const file of await specFiles()) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(ROOT, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    let attached = 0;
    const visit = (node: ts.Node, around: readonly string[]): void => {
      const title = ts.isExpressionStatement(node) ? titleOf(node.expression) : undefined;
      const titles = title === undefined ? around : [...around, title];
      if (title !== undefined) {
        const test = { file, titles };
        tests.push(test);
        const tags = tagsAbove(node);
        attached += tags.lines;
        for (const id of tags.ids) tagged.set(id, [...(tagged.get(id) ?? []), test]);
      }
      ts.forEachChild(node, (child) => visit(child, titles));
    };
    visit(source, []);
    const written = source.text.match(/^\s*\/\/ covers:/gm)?.length ?? 0;
    if (written !== attached)
      problems.push(`${file}: a "covers:" comment is not directly above a describe or it`);
  }
  return { tests, tagged, problems };
}

async function specFiles(): Promise<string[]> {
  const lists = await Promise.all(
    ['src', 'test'].map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && entry.name.endsWith('.spec.ts'))
        .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
    ),
  );
  return lists.flat().sort();
}

/** Of `describe(title, ...)`, `it.each(cases)(title, ...)` and their like, as it is written. */
function titleOf(node: ts.Expression): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  if (!first || !ts.isStringLiteralLike(first)) return undefined;
  let callee: ts.Expression = node.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  return ['describe', 'it', 'test'].includes(callee.getText()) ? first.text : undefined;
}

function tagsAbove(node: ts.Node): { ids: string[]; lines: number } {
  const { text } = node.getSourceFile();
  const tags = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).flatMap(({ pos, end }) => {
    const tag = /^\/\/ covers:(.*)$/.exec(text.slice(pos, end));
    return tag ? [tag[1] ?? ''] : [];
  });
  return { ids: tags.flatMap((tag) => tag.split(',').map((id) => id.trim())), lines: tags.length };
}

// ------------------------------------------------------------------------------------- putting the two together

function testsOf({ id, tests = [] }: Requirement, { tagged }: Scan): FoundTest[] {
  const all = [...(tagged.get(id) ?? []), ...tests.map(asTest)];
  return [...new Map(all.map((test) => [nameOf(test), test])).values()];
}

function asTest(named: NamedTest): FoundTest {
  if (typeof named !== 'string') return { file: named.file, titles: [], pending: true };
  const [file = '', title] = named.split(/: (.*)/s);
  return { file, titles: title === undefined ? [] : title.split(' > ') };
}

function nameOf({ file, titles }: FoundTest): string {
  return titles.length === 0 ? file : `${file}: ${titles.join(' > ')}`;
}

function problemsOf(
  { requirements, sections, sources }: Data,
  { tests, tagged }: Scan,
  shown: ReadonlyMap<string, readonly FoundTest[]>,
): string[] {
  const ids = requirements.map(({ id }) => id);
  const known = new Set([...tests.map(nameOf), ...tests.map(({ file }) => file)]);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${DATA}: ${id} is there twice`),
    ...[...tagged].flatMap(([id, by]) =>
      ids.includes(id) ? [] : by.map((test) => `${nameOf(test)}: there is no ${id}`),
    ),
    ...requirements.flatMap((requirement) => {
      const evidence = shown.get(requirement.id) ?? [];
      return [
        ...problemsOfOne(requirement, evidence),
        ...(sectionOf(requirement) in sections ? [] : ['is of an unknown section']),
        ...sourceKeys(requirement).flatMap((key) =>
          key in sources ? [] : [`has the unknown source ${key}`],
        ),
        ...evidence.flatMap((test) => testProblems(test, known)),
      ].map((problem) => `${requirement.id} ${problem}`);
    }),
  ];
}

function problemsOfOne(requirement: Requirement, evidence: readonly FoundTest[]): string[] {
  const { status = 'met', note, level, interop } = requirement;
  const isMust = interop === 'MUST' || /^(MUST|SHALL|REQUIRED)\b/.test(level);
  const problems: string[] = [];
  if (!STATUSES.includes(status)) problems.push(`has the unknown status "${status}"`);
  if (status !== 'met' && !note) problems.push(`is ${status} without a note that says why`);
  if (status === 'met' && evidence.length === 0 && !note)
    problems.push(`${isMust ? 'is a MUST' : 'is said to be met'} without a test or a reason`);
  return problems;
}

function testProblems(test: FoundTest, known: ReadonlySet<string>): string[] {
  if (test.pending) return known.has(test.file) ? [`calls ${test.file} pending, but it is there`] : [];
  return known.has(nameOf(test)) ? [] : [`names a test that is not there: ${nameOf(test)}`];
}

function sectionOf({ id }: Requirement): string {
  return id.split('-')[1] ?? '';
}

/** The documents in `SSF 7.2, 7.2.1; IOP 2.3.1`. */
function sourceKeys({ source }: Requirement): string[] {
  return [...source.matchAll(/[A-Z][A-Z-]+/g)].map(([key]) => key);
}

// -------------------------------------------------------------------------------------------- writing the page

function render(
  { sections, sources, requirements }: Data,
  shown: ReadonlyMap<string, readonly FoundTest[]>,
): string {
  return [
    `<!-- Generated by scripts/generate-conformance.ts from ${DATA} and the tests. Change those, then: npx tsx scripts/generate-conformance.ts -->`,
    '# Conformance',
    'What the specifications ask of a transmitter, how far this one does it, and the tests that show it. The sentences are paraphrases; the section that is named has the wording that counts.',
    'The level is that of the source. DERIVED follows from a source without being a sentence of it; DECIDED is what the product does where the sources are silent or leave a choice. "MUST (interop)" is asked by the CAEP Interoperability Profile alone.',
    '"Not yet" and "partly" say what is missing. A test is named by its file and its titles.',
    Object.entries(sources)
      .map(([key, name]) => `- ${key}: ${name}`)
      .join('\n'),
    '## Summary',
    summary(sections, requirements),
    ...Object.entries(sections).flatMap(([letter, title]) => [
      `## ${letter}. ${title}`,
      // the formatter would pad each line to the longest
      `<!-- prettier-ignore-start -->\n${sectionTable(letter, requirements, shown)}\n<!-- prettier-ignore-end -->`,
    ]),
  ].join('\n\n');
}

function summary(sections: Data['sections'], requirements: readonly Requirement[]): string {
  const counts = (of: readonly Requirement[]): string[] =>
    [
      ...STATUSES.map((status) => of.filter((each) => (each.status ?? 'met') === status).length),
      of.length,
    ].map(String);
  return table(
    ['Section', ...STATUSES, 'all'],
    [
      ...Object.entries(sections).map(([letter, title]) => [
        `${letter}. ${title}`,
        ...counts(requirements.filter((each) => sectionOf(each) === letter)),
      ]),
      ['All', ...counts(requirements)],
    ],
  );
}

function sectionTable(
  letter: string,
  requirements: readonly Requirement[],
  shown: ReadonlyMap<string, readonly FoundTest[]>,
): string {
  return table(
    ['Requirement', 'Level', 'What it asks', 'Source', 'Status', 'Tests'],
    requirements
      .filter((each) => sectionOf(each) === letter)
      .map((each) => [
        each.id,
        each.interop ? `${each.level}, ${each.interop} (interop)` : each.level,
        each.text,
        each.source,
        `${each.status ?? 'met'}${each.note ? `: ${each.note}` : ''}`,
        (shown.get(each.id) ?? []).map(testCell).join('<br>'),
      ]),
  );
}

function testCell({ file, titles, pending }: FoundTest): string {
  if (pending) return `\`${file}\` (pending)`;
  const link = `[${file.replace(/^test\/|\.spec\.ts$/g, '')}](../${file})`;
  return titles.length === 0 ? link : `${link}: ${titles.join(' > ')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

await main(process.argv.includes('--check'));
