import { Injectable } from '@nestjs/common';
import { invalidRequest } from '../../core/errors.js';
import { canonicalKey, principalOf, subjectHash } from '../../core/subjects/canonical-key.js';
import { parseSubject } from '../../core/subjects/parse-subject.js';
import type { SubjectIdentifier } from '../../core/subjects/subject-identifier.js';
import { MAX_PAGE_SIZE } from '../../platform/paging/page.js';
import { ProvidersService } from '../../providers/providers.service.js';

/** Finds SETs by what a person remembers of a user: the id, e-mail address, phone number, ... in any format. */
@Injectable()
export class SubjectSearchService {
  constructor(private readonly providers: ProvidersService) {}

  /** The hashes of every Subject Identifier that the text may stand for. Throws `invalid_request`. */
  async hashes(text: string, providerId: string | undefined): Promise<string[]> {
    const candidates = text.startsWith('{')
      ? [principalOf(parseSubject(parseJson(text), { member: 'subject' }))]
      : simpleIdentifiers(text, await this.issuers(providerId));
    return candidates.map((candidate) => subjectHash(canonicalKey(candidate)).toString());
  }

  private async issuers(providerId: string | undefined): Promise<string[]> {
    const providers = providerId
      ? [await this.providers.get(providerId)]
      : (await this.providers.list({ limit: MAX_PAGE_SIZE })).data;
    return providers.map(({ issuer }) => issuer);
  }
}

function simpleIdentifiers(text: string, issuers: readonly string[]): SubjectIdentifier[] {
  return [
    ...issuers.map((iss) => ({ format: 'iss_sub', iss, sub: text })),
    { format: 'email', email: text },
    { format: 'phone_number', phone_number: text },
    { format: 'opaque', id: text },
    { format: 'account', uri: text },
    { format: 'did', url: text },
    { format: 'uri', uri: text },
  ];
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
