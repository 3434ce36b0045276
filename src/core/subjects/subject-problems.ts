import { SsfError, type Problem } from '../errors.js';
import { parseSubject } from './parse-subject.js';

/** What is wrong with a Subject Identifier; empty when nothing is. `member` is the path that problems name. */
export function subjectProblems(value: unknown, member: string): readonly Problem[] {
  try {
    parseSubject(value, { member });
    return [];
  } catch (error) {
    if (error instanceof SsfError) return error.problems;
    throw error;
  }
}
