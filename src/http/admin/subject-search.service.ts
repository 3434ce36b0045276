import { Injectable } from '@nestjs/common';
import { invalidRequest } from '../../core/errors.js';
import { parseSubject } from '../../core/subjects/parse-subject.js';
import { searchHashes } from '../../core/subjects/subject-search.js';
import { MAX_PAGE_SIZE } from '../../platform/paging/page.js';
import { ProvidersService } from '../../providers/providers.service.js';

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

  private async issuers(providerId: string | undefined): Promise<string[]> {
    const providers = providerId
      ? [await this.providers.get(providerId)]
      : (await this.providers.list({ limit: MAX_PAGE_SIZE })).data;
    return providers.map(({ issuer }) => issuer);
  }
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
