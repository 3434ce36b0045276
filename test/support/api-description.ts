import type { ValidateFunction } from 'ajv';
import { type Ajv2020 as Ajv, Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Answer, call, expectStatus } from './http.js';

interface Example {
  readonly value: unknown;
}

interface Content {
  readonly schema: object;
  readonly examples?: Record<string, Example>;
}

interface Response {
  readonly content?: Record<string, Content>;
  readonly headers?: Record<string, { readonly required?: boolean; readonly schema: object }>;
}

interface OperationObject {
  readonly operationId: string;
  readonly description?: string;
  readonly 'x-ssf-role'?: string;
  readonly security?: Record<string, string[]>[];
  readonly parameters?: { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, Content> };
  readonly responses: Record<string, Response>;
}

type PathItems = Record<string, Record<string, OperationObject>>;

interface Document {
  readonly paths: PathItems;
  readonly webhooks?: PathItems;
  readonly components: { readonly schemas: Record<string, object> };
}

export interface Operation extends OperationObject {
  readonly method: string;
  readonly path: string;
}

/** A description of an API, as a client reads it, and what is not as it says. */
export class ApiDescription {
  readonly operations: Operation[];
  readonly webhooks: Operation[];
  private readonly answers: Schemas;
  private readonly requests: Schemas;

  constructor(readonly document: Document) {
    this.operations = operationsOf(document.paths);
    this.webhooks = operationsOf(document.webhooks ?? {});
    this.answers = new Schemas(closed(document));
    this.requests = new Schemas(document);
  }

  static async read(url: string): Promise<ApiDescription> {
    return new ApiDescription(expectStatus(await call(url), 200).json<Document>());
  }

  operation(operationId: string): Operation {
    const found = [...this.operations, ...this.webhooks].find((each) => each.operationId === operationId);
    if (!found) throw new Error(`the description has no operation ${operationId}`);
    return found;
  }

  /** What of an answer is not as it is described: none when all is well. */
  problemsOf(operationId: string, { status, headers, text }: Answer): string[] {
    const response = this.operation(operationId).responses[status];
    if (!response) return [`${operationId} does not say that it answers ${status}`];
    const type = headers.get('content-type')?.split(';')[0];
    const content = type === undefined ? undefined : response.content?.[type];
    return [
      ...this.headerProblems(response, headers),
      ...(text === '' && !response.content ? [] : this.bodyProblems(content, text, status >= 400)),
    ];
  }

  /** What of the examples of an operation is not as the schemas say. */
  exampleProblems(operationId: string): string[] {
    const { requestBody, responses } = this.operation(operationId);
    const problemsIn = (schemas: Schemas, part: Pick<Response, 'content'> | undefined): string[] =>
      Object.values(part?.content ?? {}).flatMap(({ schema, examples = {} }) =>
        Object.values(examples).flatMap(({ value }) => schemas.problems(schema, value)),
      );
    return [
      ...problemsIn(this.requests, requestBody),
      ...Object.values(responses).flatMap((response) => problemsIn(this.answers, response)),
    ];
  }

  /** What of something that the transmitter made is not as a schema says. */
  schemaProblems(schema: object, value: unknown): string[] {
    return this.answers.problems(schema, value);
  }

  private headerProblems({ headers = {} }: Response, sent: Headers): string[] {
    return Object.entries(headers).flatMap(([name, { required, schema }]) => {
      const value = sent.get(name);
      if (value === null) return required ? [`the header ${name} is missing`] : [];
      return this.schemaProblems(schema, value).map((problem) => `${name}: ${problem}`);
    });
  }

  private bodyProblems(content: Content | undefined, text: string, isError: boolean): string[] {
    if (!content) return [`the body is not described: ${text}`];
    const body: unknown = JSON.parse(text);
    const problems = this.schemaProblems(content.schema, body);
    // errors are shown word for word
    const shown = Object.values(content.examples ?? {}).map(({ value }) =>
      withoutTimes(JSON.stringify(value)),
    );
    const isShown = !isError || shown.includes(withoutTimes(JSON.stringify(body)));
    return isShown ? problems : [...problems, `no example is ${text}`];
  }
}

/** How long somebody has to wait depends on how long it took until then. */
export function withoutTimes(text: string): string {
  return text.replace(/ in \d+ s"/, ' in N s"');
}

/** The schemas of a document. */
class Schemas {
  private readonly ajv: Ajv;
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(document: object) {
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema({ ...document, $id: 'api' });
  }

  problems(schema: object, value: unknown): string[] {
    const text = JSON.stringify(schema);
    const validate = this.validators.get(text) ?? this.ajv.compile(seenFromOutside(schema));
    this.validators.set(text, validate);
    return validate(value) ? [] : [this.ajv.errorsText(validate.errors)];
  }
}

function operationsOf(items: PathItems): Operation[] {
  return Object.entries(items).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** The same schemas, taking no members but those that they name. */
function closed<Part>(part: Part): Part {
  if (Array.isArray(part)) return part.map((each: unknown) => closed(each)) as Part;
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, closed<unknown>(value)]),
  );
  const isOpen =
    copy.type === 'object' && copy.properties !== undefined && copy.additionalProperties === undefined;
  return { ...copy, ...(isOpen && { additionalProperties: false }) } as Part;
}

/** With references that lead into the document. */
function seenFromOutside(schema: object): object {
  return JSON.parse(JSON.stringify(closed(schema)).replaceAll('"$ref":"#/', '"$ref":"api#/')) as object;
}
