import type { EventFamily } from './event-uris.js';

/** A JSON Schema (2020-12) of an object. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** One event type: what validation, the console and the API description know of it. */
export interface EventDefinition {
  readonly uri: string;
  readonly family: EventFamily;
  /** the last part of the URI, such as `session-revoked` */
  readonly name: string;
  readonly title: string;
  /** where it is defined, such as `CAEP 1.0 section 3.1` */
  readonly specification: string;
  /** the payload, which is the value under the event type URI; unknown members are allowed (SSF 1.0 section 4.2.3) */
  readonly schema: ObjectSchema;
  /** what the CAEP Interoperability Profile asks for on top of `schema` */
  readonly interopSchema?: ObjectSchema;
  readonly example: Readonly<Record<string, unknown>>;
  readonly deprecated?: true;
  /** the only formats that the `sub_id` of this event may have */
  readonly subjectFormats?: readonly string[];
}
