/** The TypeORM DataSource that holds the `ssf` schema: the standalone server's own, or the host's. */
export const SSF_DATA_SOURCE = Symbol('SSF_DATA_SOURCE');
