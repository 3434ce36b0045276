import openapiTS, { astToString } from 'openapi-typescript';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ROOT } from './root.js';

/** The types of the admin API as its description says, for clients in TypeScript. */
export async function adminApiTypes(): Promise<string> {
  const nodes = await openapiTS(pathToFileURL(join(ROOT, 'docs', 'openapi', 'admin.json')));
  return `// Written by npm run docs from docs/openapi/admin.json.\n\n${astToString(nodes)}`;
}
