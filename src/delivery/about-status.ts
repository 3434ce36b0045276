/** SETs about the stream's status have a negative seq (queue/enqueue.sql.ts). */
export function isAboutStatus({ seq }: { readonly seq: string }): boolean {
  return seq.startsWith('-');
}
