import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProvider, createReceiverApi, sessionRevoked } from '../support/scenario.js';
import { startExpressHost } from '../support/express-host.js';
import { startFastifyHost } from '../support/fastify-host.js';
import { startTransmitter, startTransmitterOn, type Transmitter } from '../support/transmitter.js';
