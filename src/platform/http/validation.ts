import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { invalidRequest, type Problem, SsfError } from '../../core/errors.js';
import { unstorableText } from '../../core/unstorable-text.js';

/**
 * Checks a DTO by its class-validator decorators: unknown members are refused, and every problem names its member.
 * Bound per controller, never globally, so that a host keeps its own rules.
 */
export class DtoPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      validateCustomDecorators: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => toError(errors),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const unstorable = metadata.type === 'query' ? unstorableText(value) : undefined;
    if (unstorable !== undefined)
      throw invalidRequest({ member: unstorable, message: 'must be text without U+0000' });
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

function toError(errors: readonly ValidationError[]): SsfError {
  const problems = errors.flatMap((error) => problemsOf(error, ''));
  return problems.length > 0
    ? invalidRequest(...problems)
    : new SsfError('invalid_request', 'the body must be a JSON object');
}

function problemsOf(error: ValidationError, path: string): Problem[] {
  const isIndex = /^\d+$/.test(error.property);
  const member = isIndex
    ? `${path}[${error.property}]`
    : path
      ? `${path}.${error.property}`
      : (error.property ?? '');
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    member,
    message: rule === 'whitelistValidation' ? 'is not a known member' : withoutName(message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, member))];
}

/** class-validator begins its messages with the property's name, which the problem names already. */
function withoutName(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
