import { SETTING_LIST } from '../../src/platform/config/env.js';
import {
  INTEGER_OPTION_NAMES,
  INTEGER_OPTIONS,
  variableOf,
} from '../../src/platform/config/integer-options.js';
import { code, page, sentence, table } from './markdown.js';
import { membersOf } from './source-code.js';

/** Which parts of the module a process runs is one setting. */
const ROLE_OPTIONS: readonly string[] = ['adminApi', 'receiverApi', 'delivery'];

export function configurationPage(): string {
  const file = 'src/platform/config/ssf-options.ts';
  return page(
    'Configuration',
    ['src/platform/config/env.ts', file],
    'The standalone server reads environment variables; a Nest application that embeds the transmitter passes options to `SsfModule.forRoot`. Both are checked at start, and a wrong one stops it.',
    '## Settings of the standalone server',
    'An empty variable counts as unset. Variables that begin with `SSF_` and are none of these are named in a warning at start (`settings.unknown`).',
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
  return table(
    ['Option', 'Type', 'Meaning', 'Range', 'Setting'],
    membersOf(file, interfaceName).map(({ name, type, isOptional, doc }) => [
      code(name) + (isOptional ? '' : ' (required)'),
      code(type),
      sentence(doc),
      rangeOf(name),
      settingOf(name),
    ]),
  );
}

function settingOf(option: string): string {
  if (ROLE_OPTIONS.includes(option)) return code('SSF_ROLES');
  const variable = variableOf(option);
  const setting = SETTING_LIST.find(({ name }) => name === variable || name === `${variable}_FILE`);
  return setting ? code(setting.name) : '';
}

function rangeOf(option: string): string {
  const range = INTEGER_OPTION_NAMES.find((name) => name === option);
  return range ? `${INTEGER_OPTIONS[range].min} to ${INTEGER_OPTIONS[range].max}` : '';
}
