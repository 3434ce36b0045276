import { Injectable } from '@nestjs/common';
import type { Application } from '../applications/application.entity.js';
import { invalidRequest } from '../core/errors.js';
import type { RequestedDelivery } from '../core/streams/parse-delivery.js';
import { EndpointPolicy } from '../platform/outbound/endpoint-policy.js';
import { Resealing } from '../platform/secrets/resealing.js';
import { SecretBox } from '../platform/secrets/secret-box.js';
import type { Stream } from './stream.entity.js';

export type DeliveryColumns = Pick<
  Stream,
  'method' | 'usesLegacyUris' | 'endpointUrl' | 'authorizationHeader'
>;

/** What a receiver asked for as `delivery` (SSF 1.0 section 6.1), checked and made into columns. */
@Injectable()
export class StreamDeliveryService {
  constructor(
    private readonly policy: EndpointPolicy,
    private readonly secrets: SecretBox,
    resealing: Resealing,
  ) {
    resealing.register({
      name: 'credentials of push streams',
      table: 'ssf.stream',
      id: 'id',
      idType: 'uuid',
      column: 'authorization_header',
      sealedAs,
    });
  }

  /** Throws `invalid_request` naming the member of `delivery`. Looks up names: not for use in a transaction. */
  async columns(
    application: Application,
    streamId: string,
    delivery: RequestedDelivery,
  ): Promise<DeliveryColumns> {
    const allowed = application.allowedDeliveryMethods;
    if (allowed && !allowed.includes(delivery.method))
      throw invalidRequest({ member: 'delivery.method', message: 'is not one that this receiver may use' });
    const usesLegacyUris = delivery.usesLegacyUri ?? false;
    if (delivery.method === 'poll')
      return { method: 'poll', usesLegacyUris, endpointUrl: null, authorizationHeader: null };

    await this.checkEndpoint(application, delivery.endpointUrl);
    const header = delivery.authorizationHeader;
    return {
      method: 'push',
      usesLegacyUris,
      endpointUrl: delivery.endpointUrl,
      // an empty one removes what there is
      authorizationHeader: header ? this.secrets.seal(header, sealedAs(streamId)) : null,
    };
  }

  /** The `Authorization` of each push, verbatim (SSF 1.0 section 6.1.1). */
  openHeader(streamId: string, sealed: Buffer | null): string | undefined {
    return sealed ? this.secrets.open(sealed, sealedAs(streamId)) : undefined;
  }

  private async checkEndpoint(application: Application, url: string): Promise<void> {
    if (!isListed(application.pushUrlAllowList, url))
      throw refused('is not among the push URLs that this application may use');
    const verdict = await this.policy.check(url);
    if (!verdict.ok) throw refused(verdict.reason);
  }
}

/** Binds the ciphertext to its row: it cannot be moved to another. */
function sealedAs(streamId: string): string {
  return `stream|${streamId}|authorization_header`;
}

function refused(message: string): Error {
  return invalidRequest({ member: 'delivery.endpoint_url', message });
}

/** An entry is a whole URL, or a prefix that ends in `*`. No list: any URL. */
function isListed(list: readonly string[] | null, url: string): boolean {
  if (!list) return true;
  const href = new URL(url).href;
  return list.some((entry) =>
    entry.endsWith('*') ? href.startsWith(entry.slice(0, -1)) : entry === url || entry === href,
  );
}
