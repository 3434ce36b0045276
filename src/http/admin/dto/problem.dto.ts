import { DeletionCountsDto } from './deletion.dto.js';

export class ProblemMemberDto {
  /** Path of the member. @example 'subject.user.email' */
  member: string;

  /** What is wrong with it. @example 'must be an e-mail address' */
  message: string;
}

/** RFC 9457. */
export class ProblemDto {
  /** @example 'about:blank' */
  type: string;

  /** @example 'Bad request' */
  title: string;

  /** @example 400 */
  status: number;

  /** What to switch on. @example 'invalid_request' */
  code: string;

  /** @example 'slug: must be lower-case letters, digits and hyphens' */
  detail: string;

  /** Each wrong member. */
  errors?: ProblemMemberDto[];

  /** Of `has_pending_sets`: what would go. */
  deletion?: DeletionCountsDto;
}
