import { X509Certificate } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import type { Server } from 'node:https';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { SettingError } from '../platform/config/setting-parsers.js';
import { readTlsPair, TLS_PROTOCOL, type TlsFiles, type TlsPair } from './tls-pair.js';

/** A renewal writes several files, one after another. */
const SETTLE_MS = 100;

/**
 * Serves a renewed certificate without a restart. What counts is what the files hold at each {@link check}, whoever
 * calls it and however they were replaced: in place, by rename, or through symbolic links as certbot and Kubernetes do.
 * A pair that cannot be served with is logged once and changes nothing. Connections that are open stay as they are.
 */
export class TlsReload {
  readonly #files: TlsFiles;
  readonly #server: Pick<Server, 'setSecureContext'>;
  readonly #logger: Logger;
  #served: TlsPair;
  #complainedOf: string | undefined;
  #watchers: FSWatcher[] = [];
  #settling: NodeJS.Timeout | undefined;

  constructor(files: TlsFiles, served: TlsPair, server: Pick<Server, 'setSecureContext'>, logger: Logger) {
    this.#files = files;
    this.#served = served;
    this.#server = server;
    this.#logger = logger;
  }

  /** Reads the files and serves what they hold, if it is another pair and a good one. */
  check(): void {
    let pair: TlsPair;
    try {
      pair = readTlsPair(this.#files);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      this.#complain(error);
      return;
    }
    this.#complainedOf = undefined;
    if (pair.cert.equals(this.#served.cert) && pair.key.equals(this.#served.key)) return;
    this.#server.setSecureContext({ ...pair, ...TLS_PROTOCOL });
    this.#served = pair;
    const { serialNumber, validTo } = new X509Certificate(pair.cert);
    this.#logger.info({ event: 'tls.reloaded', serialNumber, validTo }, 'another certificate is served');
  }

  /**
   * Checks soon after something happens in the folders of the files. Only a doorbell: some file systems never ring, and
   * a folder that is itself replaced does not ring again. Somebody has to call {@link check} from time to time.
   */
  watch(): void {
    for (const folder of new Set([dirname(this.#files.certFile), dirname(this.#files.keyFile)])) {
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#checkSoon());
        watcher.on('error', (error) => this.#logger.debug({ err: error, folder }, 'a folder is not watched'));
        this.#watchers.push(watcher);
      } catch (error) {
        this.#logger.debug({ err: error, folder }, 'a folder cannot be watched');
      }
    }
  }

  stop(): void {
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers.splice(0)) watcher.close();
  }

  #checkSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.check(), SETTLE_MS).unref();
  }

  #complain(error: SettingError): void {
    if (this.#complainedOf === error.message) return;
    this.#complainedOf = error.message;
    this.#logger.error({ event: 'tls.refused', err: error }, 'the former certificate is served on');
  }
}
