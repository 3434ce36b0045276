import { Client, type ClientConfig } from 'pg';

/** In milliseconds. No transaction spans a network call, so a statement or a transaction that takes long is a defect. */
export const SESSION_LIMITS = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 30_000 };

/** What PgBouncer says to startup parameters that it does not know, among other things. */
const PROTOCOL_VIOLATION = '08P01';

/** Whether sessions begin with these limits: a pooler may refuse them, as its sessions are shared. */
export async function takesSessionLimits(connection: ClientConfig): Promise<boolean> {
  try {
    await connectOnce({ ...connection, ...SESSION_LIMITS });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === PROTOCOL_VIOLATION)) throw error;
    await connectOnce(connection); // else it was for another reason
    return false;
  }
}

async function connectOnce(connection: ClientConfig): Promise<void> {
  const client = new Client(connection);
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
