import { Injectable } from '@nestjs/common';
import { invalidRequest } from '../../core/errors.js';
import { isJsonObject } from '../../core/json-object.js';
import { parseSubject } from '../../core/subjects/parse-subject.js';
import { searchHashes, searchIdentifiers } from '../../core/subjects/subject-search.js';
import type { SubjectIdentifier } from '../../core/subjects/subject-identifier.js';
import { identityDigest } from '../../core/subjects/subject-lookup.js';
import { MAX_PAGE_SIZE } from '../../platform/paging/page.js';
import { ProvidersService } from '../../providers/providers.service.js';

const MAX_TEXT = 2048;

/** A subject that somebody named, and all that it may be stored as. */
export interface NamedSubject {
  /** hexadecimal; of what was named */
  readonly digest: string;
  readonly identifiers: readonly SubjectIdentifier[];
  readonly hashes: readonly string[];
}

/** Finds signals and SETs by what a person remembers of a user: the id, e-mail address, phone number, ... in any format. */
@Injectable()
export class SubjectSearchService {
  constructor(private readonly providers: ProvidersService) {}

  /** What to look for (core/subjects/subject-search.ts). Throws `invalid_request`. */
  async hashes(text: string, providerId: string | undefined): Promise<string[]> {
    const subject = text.startsWith('{') ? parseSubject(parseJson(text), { member: 'subject' }) : text;
    return searchHashes(subject, await this.issuers(providerId));
  }

  /** The same; undefined without a subject. */
  async hashesOf(text: string | undefined, providerId: string | undefined): Promise<string[] | undefined> {
    return text === undefined ? undefined : this.hashes(text, providerId);
  }

  /** A text as above, or a Subject Identifier, of one provider. Throws `invalid_request`, and `not_found` for that. */
  async named(value: unknown, providerId: string): Promise<NamedSubject> {
    const subject = namedSubject(value);
    const issuers = await this.issuers(providerId);
    return {
      digest: identityDigest(
        typeof subject === 'string' ? { format: 'opaque', id: subject } : subject,
      ).toString('hex'),
      identifiers: searchIdentifiers(subject, issuers),
      hashes: searchHashes(subject, issuers),
    };
  }

  private async issuers(providerId: string | undefined): Promise<string[]> {
    const providers = providerId
      ? [await this.providers.get(providerId)]
      : (await this.providers.list({ limit: MAX_PAGE_SIZE })).data;
    return providers.map(({ issuer }) => issuer);
  }
}

function namedSubject(value: unknown): string | SubjectIdentifier {
  if (isJsonObject(value)) return parseSubject(value, { member: 'subject' });
  if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && !value.includes('\0'))
    return value;
  throw invalidRequest({
    member: 'subject',
    message: `must be a text of 1 to ${MAX_TEXT} characters, or a Subject Identifier`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidRequest({
      member: 'subject',
      message: `is not valid JSON: ${error instanceof Error ? error.message : ''}`,
    });
  }
}
