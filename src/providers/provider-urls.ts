import { wellKnownUrl } from '../core/discovery/well-known.js';

/** Where a provider's endpoints are. They are found through its metadata, so only these functions know. */
export interface ProviderUrls {
  readonly configurationUrl: string;
  readonly jwksUri: string;
  readonly configurationEndpoint: string;
  readonly statusEndpoint: string;
  readonly addSubjectEndpoint: string;
  readonly removeSubjectEndpoint: string;
  readonly verificationEndpoint: string;
  /** the resource identifier of its receiver API (RFC 9728 section 1.2) */
  readonly resource: string;
  readonly resourceMetadataUrl: string;
}

/** `base` is the public URL with the route prefix. */
export function providerUrls(base: string, provider: { slug: string; issuer: string }): ProviderUrls {
  const root = `${base}/ssf/${provider.slug}`;
  return {
    configurationUrl: wellKnownUrl(provider.issuer),
    jwksUri: `${root}/jwks.json`,
    configurationEndpoint: `${root}/streams`,
    statusEndpoint: `${root}/status`,
    addSubjectEndpoint: `${root}/subjects/add`,
    removeSubjectEndpoint: `${root}/subjects/remove`,
    verificationEndpoint: `${root}/verify`,
    resource: root,
    resourceMetadataUrl: wellKnownUrl(root, 'oauth-protected-resource'),
  };
}

/** The issuer of the built-in authorization server, one for all providers. */
export function authorizationServerIssuer(base: string): string {
  return `${base}/oauth`;
}

/** RFC 8936: the poll endpoint of a stream; unique per stream (SSF 1.0 section 6.1.2). */
export function pollUrl(base: string, slug: string, streamId: string): string {
  return `${base}/ssf/${slug}/streams/${streamId}/poll`;
}
