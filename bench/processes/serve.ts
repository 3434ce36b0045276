import { inspect } from 'node:util';

/** What a process does when it is asked to. The argument and the result cross a process boundary as copies. */
export type Commands = Record<string, (argument: never) => unknown>;

export interface Request {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

export type Reply =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string };

/** Answers the commands of the process that started this one, and ends with it. */
export function serve(commands: Commands): void {
  process.on('message', (request: Request) => {
    answer(commands, request).then(
      (result) => send({ id: request.id, result }),
      (error: unknown) => send({ id: request.id, error: inspect(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

async function answer(commands: Commands, { command, argument }: Request): Promise<unknown> {
  const run = commands[command] as ((argument: unknown) => unknown) | undefined;
  if (!run) throw new Error(`there is no command ${command}`);
  return run(argument);
}

function send(reply: Reply): void {
  process.send?.(reply);
}
