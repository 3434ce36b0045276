import ts from 'typescript';
import { SETTING_LIST } from '../../src/platform/config/env.js';
import { code, page, sentence, table } from './markdown.js';
import { membersOf, parse } from './source-code.js';

export function configurationPage(): string {
  const file = 'src/platform/config/ssf-options.ts';
  return page(
    'Configuration',
    ['src/platform/config/env.ts', file],
    'The standalone server reads environment variables; a Nest application that embeds the transmitter passes options to `SsfModule.forRoot`. Both are checked at start, and a wrong one stops it.',
    '## Settings of the standalone server',
    'An empty variable counts as unset.',
    table(
      ['Variable', 'Meaning', 'Default'],
      SETTING_LIST.map(({ name, summary, defaultText, isSecret }) => [
        code(name),
        summary + (isSecret ? ` Also as a file: ${code(`${name}_FILE`)}.` : ''),
        defaultText,
      ]),
    ),
    `${code('_FILE')} names a file that holds the value, for secrets that are mounted; setting both forms is an error.`,
    '## Options of SsfModule',
    '`SsfModule.forRoot(options)` takes all of them. With `SsfModule.forRootAsync` those of the first table stand beside `useFactory`, and the factory answers those of the second. [Embedding](embedding.md) shows both.',
    '### What shapes the module',
    optionTable(file, 'SsfStructure'),
    '### What it works with',
    optionTable(file, 'SsfOptions'),
    'The column "setting" names the variable by which the standalone server sets the option. Options without one have their default there.',
  );
}

function optionTable(file: string, interfaceName: string): string {
  const ranges = integerRanges(file);
  return table(
    ['Option', 'Type', 'Meaning', 'Range', 'Setting'],
    membersOf(file, interfaceName).map(({ name, type, isOptional, doc }) => [
      code(name) + (isOptional ? '' : ' (required)'),
      code(type),
      sentence(doc),
      ranges.get(name) ?? '',
      settingOf(name),
    ]),
  );
}

function settingOf(option: string): string {
  const upper = `SSF_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  const setting = SETTING_LIST.find(({ name }) => name === upper || name === `${upper}_FILE`);
  return setting ? code(setting.name) : '';
}

/** From the calls `integer(name, value, byDefault, min, max)` that check the options. */
function integerRanges(file: string): Map<string, string> {
  const ranges = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'integer') {
      const [name, , , min, max] = node.arguments.map((each) => each.getText().replace(/['_]/g, ''));
      ranges.set(name ?? '', `${min} to ${max}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  if (ranges.size === 0) throw new Error(`${file} has no call of integer() any more: adapt this script`);
  return ranges;
}
