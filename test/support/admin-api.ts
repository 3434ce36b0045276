// Written by npm run docs from docs/openapi/admin.json.

export interface paths {
  '/api/v1/providers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List providers
     * @description Needs the role `viewer`.
     */
    get: operations['listProviders'];
    put?: never;
    /**
     * Create a provider
     * @description Needs the role `admin`.
     */
    post: operations['createProvider'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/providers/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a provider
     * @description Needs the role `viewer`.
     */
    get: operations['getProvider'];
    put?: never;
    post?: never;
    /**
     * Delete a provider
     * @description Needs the role `admin`.
     */
    delete: operations['deleteProvider'];
    options?: never;
    head?: never;
    /**
     * Change a provider
     * @description Needs the role `admin`.
     */
    patch: operations['updateProvider'];
    trace?: never;
  };
  '/api/v1/providers/{id}/signing-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List a provider's signing keys
     * @description Needs the role `viewer`.
     */
    get: operations['listSigningKeys'];
    put?: never;
    /**
     * Import a private key, as PEM or JWK, or a key of the remote signer
     * @description Needs the role `admin`.
     */
    post: operations['importSigningKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/providers/{id}/signing-keys/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate a provider's signing key
     * @description Needs the role `admin`.
     */
    post: operations['rotateSigningKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/providers/{id}/signing-keys/{kid}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete a signing key
     * @description Needs the role `admin`.
     */
    delete: operations['deleteSigningKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/applications': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List applications
     * @description Needs the role `viewer`.
     */
    get: operations['listApplications'];
    put?: never;
    /**
     * Register a receiver
     * @description Needs the role `admin`.
     */
    post: operations['createApplication'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/applications/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an application
     * @description Needs the role `viewer`.
     */
    get: operations['getApplication'];
    put?: never;
    post?: never;
    /**
     * Delete an application
     * @description Needs the role `admin`.
     */
    delete: operations['deleteApplication'];
    options?: never;
    head?: never;
    /**
     * Change an application
     * @description Needs the role `admin`.
     */
    patch: operations['updateApplication'];
    trace?: never;
  };
  '/api/v1/applications/{id}/pairwise-subject': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read what an application with pairwise subjects knows a user by
     * @description Needs the role `viewer`.
     */
    get: operations['getPairwiseSubject'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/applications/{id}/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List an application's tokens
     * @description Needs the role `viewer`.
     */
    get: operations['listTokens'];
    put?: never;
    /**
     * Create a token for an application
     * @description Needs the role `admin`.
     */
    post: operations['createToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/applications/{id}/tokens/{tokenId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a token
     * @description Needs the role `admin`.
     */
    delete: operations['revokeToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/applications/{id}/oauth-clients': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List an application's OAuth clients
     * @description Needs the role `viewer`.
     */
    get: operations['listOAuthClients'];
    put?: never;
    /**
     * Register an OAuth client of an application
     * @description Needs the role `admin`.
     */
    post: operations['createOAuthClient'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/applications/{id}/oauth-clients/{clientId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete an OAuth client
     * @description Needs the role `admin`.
     */
    delete: operations['deleteOAuthClient'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List streams with their health
     * @description Needs the role `viewer`.
     */
    get: operations['listStreams'];
    put?: never;
    /**
     * Create a stream for an application
     * @description Needs the role `admin`.
     */
    post: operations['createStreamAsAdministrator'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a stream with its health
     * @description Needs the role `viewer`.
     */
    get: operations['getStream'];
    put?: never;
    post?: never;
    /**
     * Delete a stream
     * @description Needs the role `admin`.
     */
    delete: operations['deleteStreamAsAdministrator'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}/subjects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List a stream's subjects
     * @description Needs the role `viewer`.
     */
    get: operations['listSubjects'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Enable, pause or disable a stream
     * @description Needs the role `operator`.
     */
    post: operations['updateStreamStatus'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a verification event
     * @description Needs the role `operator`.
     */
    post: operations['verifyStreamAsAdministrator'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/signals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List signals, newest first
     * @description Needs the role `viewer`.
     */
    get: operations['listSignals'];
    put?: never;
    /**
     * Record signals
     * @description Needs the role `operator`.
     */
    post: operations['recordSignals'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/signals/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Preview a signal
     * @description Needs the role `operator`.
     */
    post: operations['previewSignal'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/signals/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a signal and what each stream got
     * @description Needs the role `viewer`.
     */
    get: operations['getSignal'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sources': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List signal sources
     * @description Needs the role `viewer`.
     */
    get: operations['listSources'];
    put?: never;
    /**
     * Create a signal source
     * @description Needs the role `admin`.
     */
    post: operations['createSource'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sources/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a signal source
     * @description Needs the role `viewer`.
     */
    get: operations['getSource'];
    put?: never;
    post?: never;
    /**
     * Delete a signal source
     * @description Needs the role `admin`.
     */
    delete: operations['deleteSource'];
    options?: never;
    head?: never;
    /**
     * Change a signal source
     * @description Needs the role `admin`.
     */
    patch: operations['updateSource'];
    trace?: never;
  };
  '/api/v1/sources/{id}/token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a signal source a new token
     * @description Needs the role `admin`.
     */
    post: operations['renewSourceToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sources/{id}/unmapped': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the kinds of events that were no signals
     * @description Needs the role `viewer`.
     */
    get: operations['listUnmappedEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sources/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send what happened, as a signal source */
    post: operations['sendEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List SETs, newest first
     * @description Needs the role `viewer`.
     */
    get: operations['listSets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sets/{jti}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a SET with its claims and attempts
     * @description Needs the role `viewer`.
     */
    get: operations['getSet'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sets/{jti}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a SET again
     * @description Needs the role `operator`.
     */
    post: operations['redeliverSet'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sets/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send all SETs again that a filter finds
     * @description Needs the role `operator`.
     */
    post: operations['redeliverSets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}/recover': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a stream's SETs of a time again that did not arrive
     * @description Needs the role `operator`.
     */
    post: operations['recoverStream'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}/recoveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List a stream's recoveries, newest first
     * @description Needs the role `viewer`.
     */
    get: operations['listStreamRecoveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}/recoveries/{recoveryId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read how far a recovery of a stream is
     * @description Needs the role `viewer`.
     */
    get: operations['getStreamRecovery'];
    put?: never;
    post?: never;
    /**
     * Cancel a recovery of a stream
     * @description Needs the role `operator`.
     */
    delete: operations['cancelStreamRecovery'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/recoveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List recoveries, newest first
     * @description Needs the role `viewer`.
     */
    get: operations['listRecoveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/recoveries/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read how far a recovery is
     * @description Needs the role `viewer`.
     */
    get: operations['getRecovery'];
    put?: never;
    post?: never;
    /**
     * Cancel a recovery
     * @description Needs the role `operator`.
     */
    delete: operations['cancelRecovery'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Count signals, SETs, attempts, streams and what waits
     * @description Needs the role `viewer`.
     */
    get: operations['getStats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/retention': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the days of the history and what becomes of them, oldest first
     * @description Needs the role `viewer`.
     */
    get: operations['readRetention'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/audit-log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List who changed what, newest first
     * @description Needs the role `viewer`.
     */
    get: operations['listAuditLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/audit-log/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export the audit log as NDJSON
     * @description Needs the role `viewer`.
     */
    get: operations['exportAuditLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/encryption/reseal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Encrypt all secrets with the first key
     * @description Needs the role `admin`.
     */
    post: operations['resealSecrets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin-tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the tokens of administrators
     * @description Needs the role `viewer`.
     */
    get: operations['listAdminTokens'];
    put?: never;
    /**
     * Create a token for an administrator
     * @description Needs the role `admin`.
     */
    post: operations['createAdminToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin-tokens/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke the token of an administrator
     * @description Needs the role `admin`.
     */
    delete: operations['revokeAdminToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/providers/{id}/deletion': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tell what would go with a provider
     * @description Needs the role `viewer`.
     */
    get: operations['previewProviderDeletion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/applications/{id}/deletion': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tell what would go with an application
     * @description Needs the role `viewer`.
     */
    get: operations['previewApplicationDeletion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/streams/{id}/deletion': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tell what would go with a stream
     * @description Needs the role `viewer`.
     */
    get: operations['previewStreamDeletion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subjects/purge': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Remove what is stored about a subject
     * @description Needs the role `admin`.
     */
    post: operations['purgeSubject'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who the caller is
     * @description Needs the role `viewer`.
     */
    get: operations['getCurrentAdministrator'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description A Subject Identifier (RFC 9493, SSF 1.0 section 3) */
    SubjectIdentifier:
      | {
          /** @constant */
          format: 'account';
          /** Format: uri */
          uri: string;
        }
      | {
          /** @constant */
          format: 'email';
          /** Format: email */
          email: string;
        }
      | {
          /** @constant */
          format: 'iss_sub';
          iss: string;
          sub: string;
        }
      | {
          /** @constant */
          format: 'opaque';
          id: string;
        }
      | {
          /** @constant */
          format: 'phone_number';
          phone_number: string;
        }
      | {
          /** @constant */
          format: 'did';
          /** Format: uri */
          url: string;
        }
      | {
          /** @constant */
          format: 'uri';
          /** Format: uri */
          uri: string;
        }
      | {
          /** @constant */
          format: 'jwt_id';
          iss: string;
          jti: string;
        }
      | {
          /** @constant */
          format: 'saml_assertion_id';
          issuer: string;
          assertion_id: string;
        }
      | {
          /** @constant */
          format: 'ip-addresses';
          'ip-addresses': (string | unknown | unknown)[];
        }
      | {
          /** @constant */
          format: 'aliases';
          identifiers: (
            | {
                /** @constant */
                format: 'account';
                /** Format: uri */
                uri: string;
              }
            | {
                /** @constant */
                format: 'email';
                /** Format: email */
                email: string;
              }
            | {
                /** @constant */
                format: 'iss_sub';
                iss: string;
                sub: string;
              }
            | {
                /** @constant */
                format: 'opaque';
                id: string;
              }
            | {
                /** @constant */
                format: 'phone_number';
                phone_number: string;
              }
            | {
                /** @constant */
                format: 'did';
                /** Format: uri */
                url: string;
              }
            | {
                /** @constant */
                format: 'uri';
                /** Format: uri */
                uri: string;
              }
            | {
                /** @constant */
                format: 'jwt_id';
                iss: string;
                jti: string;
              }
            | {
                /** @constant */
                format: 'saml_assertion_id';
                issuer: string;
                assertion_id: string;
              }
          )[];
        }
      | ({
          /** @constant */
          format: 'complex';
        } & {
          [key: string]:
            | {
                /** @constant */
                format: 'account';
                /** Format: uri */
                uri: string;
              }
            | {
                /** @constant */
                format: 'email';
                /** Format: email */
                email: string;
              }
            | {
                /** @constant */
                format: 'iss_sub';
                iss: string;
                sub: string;
              }
            | {
                /** @constant */
                format: 'opaque';
                id: string;
              }
            | {
                /** @constant */
                format: 'phone_number';
                phone_number: string;
              }
            | {
                /** @constant */
                format: 'did';
                /** Format: uri */
                url: string;
              }
            | {
                /** @constant */
                format: 'uri';
                /** Format: uri */
                uri: string;
              }
            | {
                /** @constant */
                format: 'jwt_id';
                iss: string;
                jti: string;
              }
            | {
                /** @constant */
                format: 'saml_assertion_id';
                issuer: string;
                assertion_id: string;
              }
            | {
                /** @constant */
                format: 'ip-addresses';
                'ip-addresses': (string | unknown | unknown)[];
              }
            | {
                /** @constant */
                format: 'aliases';
                identifiers: (
                  | {
                      /** @constant */
                      format: 'account';
                      /** Format: uri */
                      uri: string;
                    }
                  | {
                      /** @constant */
                      format: 'email';
                      /** Format: email */
                      email: string;
                    }
                  | {
                      /** @constant */
                      format: 'iss_sub';
                      iss: string;
                      sub: string;
                    }
                  | {
                      /** @constant */
                      format: 'opaque';
                      id: string;
                    }
                  | {
                      /** @constant */
                      format: 'phone_number';
                      phone_number: string;
                    }
                  | {
                      /** @constant */
                      format: 'did';
                      /** Format: uri */
                      url: string;
                    }
                  | {
                      /** @constant */
                      format: 'uri';
                      /** Format: uri */
                      uri: string;
                    }
                  | {
                      /** @constant */
                      format: 'jwt_id';
                      iss: string;
                      jti: string;
                    }
                  | {
                      /** @constant */
                      format: 'saml_assertion_id';
                      issuer: string;
                      assertion_id: string;
                    }
                )[];
              };
        });
    /** @description The claims of a SET (RFC 8417 section 2.2, SSF 1.0 section 4.1) */
    SetClaims: {
      /** Format: uri */
      iss: string;
      /** @description The same whenever the SET comes again. */
      jti: string;
      /** @description Seconds since the epoch */
      iat: number;
      aud: string | string[];
      /** @description SETs that belong to one cause share it. */
      txn?: string;
      sub_id: components['schemas']['SubjectIdentifier'];
      /** @description One event: its payload by the URI of its type */
      events: {
        [key: string]: {
          [key: string]: unknown;
        };
      };
    };
    ProblemMemberDto: {
      /**
       * @description Path of the member.
       * @example subject.user.email
       */
      member: string;
      /**
       * @description What is wrong with it.
       * @example must be an e-mail address
       */
      message: string;
    };
    DeletionCountsDto: {
      applications: number;
      streams: number;
      /** @description SETs of signals that are pending or held, counted to 10,000. Those about a stream itself do not count. */
      pendingSets: number;
      /** @description Of a provider: signals that wait for their fan-out, counted to 10,000. */
      waitingSignals: number;
    };
    ProblemDto: {
      /** @example about:blank */
      type: string;
      /** @example Bad request */
      title: string;
      /** @example 400 */
      status: number;
      /**
       * @description What to switch on.
       * @example invalid_request
       */
      code: string;
      /** @example slug: must be lower-case letters, digits and hyphens */
      detail: string;
      /** @description Each wrong member. */
      errors?: components['schemas']['ProblemMemberDto'][];
      /** @description Of `has_pending_sets`: what would go. */
      deletion?: components['schemas']['DeletionCountsDto'];
    };
    TrustedIssuerDto: {
      /**
       * Format: uri
       * @example https://login.example
       */
      issuer: string;
      /**
       * @description Expected `aud` of its tokens.
       * @example https://idp.example/ssf/acme
       */
      audience: string;
      /**
       * Format: uri
       * @description Where its keys are; default: from its metadata.
       */
      jwksUri?: string;
      /** @description Claim with the client id; default `client_id`, then `azp`. */
      clientIdClaim?: string;
    };
    FoldRepeatsDto: {
      /**
       * @description Which are folded; default: all but those about opting out
       * @example [
       *       "mfa.updated",
       *       "session.presented"
       *     ]
       */
      types?: (
        | 'logout'
        | 'session.revoked'
        | 'session.established'
        | 'session.presented'
        | 'password.changed'
        | 'mfa.added'
        | 'mfa.removed'
        | 'mfa.updated'
        | 'credential.compromised'
        | 'token-claims.changed'
        | 'assurance-level.changed'
        | 'device.compliance-changed'
        | 'risk-level.changed'
        | 'account.disabled'
        | 'account.enabled'
        | 'account.purged'
        | 'account.credential-change-required'
        | 'identifier.changed'
        | 'identifier.recycled'
        | 'recovery.activated'
        | 'recovery.information-changed'
        | 'event'
      )[];
      /**
       * @description Members of `details` (of `payload`, for the type `event`) that make no difference.
       * @example [
       *       "friendlyName"
       *     ]
       */
      ignoredDetails?: string[];
      /**
       * @description How far apart a signal and its repeat may have occurred.
       * @example 300
       */
      windowSeconds: number;
    };
    CreateProviderDto: {
      /** @description `iss` of its SETs; default `{public URL}/ssf/{slug}`. Cannot be changed. */
      issuer?: string;
      /** @description Authorization servers whose JWTs are accepted from receivers. */
      trustedIssuers?: components['schemas']['TrustedIssuerDto'][];
      /**
       * @description Whether a new stream has all subjects or none (SSF 1.0 section 7.1).
       * @enum {string}
       */
      defaultSubjects?: 'ALL' | 'NONE';
      /**
       * @description Algorithm of the signing keys that are made for it; RS256 is what the CAEP Interoperability Profile asks for.
       * @enum {string}
       */
      signingAlgorithm?: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
      /** @description How long an undelivered SET is kept. */
      eventRetentionDays?: number;
      /**
       * @description `spec_version` of its metadata, for receivers that insist on another.
       * @example 1_0
       */
      specVersion?: string;
      /** @description List the delivery method URIs from before 1.0 in the metadata too. */
      legacyDeliveryUris?: boolean;
      /**
       * @description The events that signals become, by signal type; those that are not there keep the default, an empty array is none
       * @example {
       *       "account.disabled": [
       *         {
       *           "event": "account-disabled"
       *         },
       *         {
       *           "event": "session-revoked"
       *         }
       *       ]
       *     }
       */
      eventMapping?: {
        [key: string]: {
          /** @description URI or short name of the event type */
          event: string;
          /** @description Of signals without one */
          reasonAdmin?: {
            [key: string]: string;
          };
          /** @description Of signals without one */
          reasonUser?: {
            [key: string]: string;
          };
        }[];
      };
      /**
       * @description Part of its URLs; cannot be changed.
       * @example acme
       */
      slug: string;
      /** @example Acme */
      name: string;
      /**
       * @description After how many days its signing key is replaced by a new one; null, as by default: by hand.
       * @example 90
       */
      keyRotationDays?: number | null;
      /** @description Keep back what a stream was told a moment ago and has not changed since; null, as by default: send it again. */
      foldRepeats?: components['schemas']['FoldRepeatsDto'] | null;
    };
    ProviderDto: {
      /**
       * @description The events that signals become, by signal type; those that are not there keep the default, an empty array is none
       * @example {
       *       "account.disabled": [
       *         {
       *           "event": "account-disabled"
       *         },
       *         {
       *           "event": "session-revoked"
       *         }
       *       ]
       *     }
       */
      eventMapping: {
        [key: string]: {
          /** @description URI or short name of the event type */
          event: string;
          /** @description Of signals without one */
          reasonAdmin?: {
            [key: string]: string;
          };
          /** @description Of signals without one */
          reasonUser?: {
            [key: string]: string;
          };
        }[];
      };
      foldRepeats: components['schemas']['FoldRepeatsDto'] | null;
      id: string;
      slug: string;
      name: string;
      issuer: string;
      /** @description Its metadata, for receivers. */
      configurationUrl: string;
      jwksUri: string;
      /** @enum {string} */
      defaultSubjects: 'ALL' | 'NONE';
      /** @enum {string} */
      signingAlgorithm: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
      keyRotationDays: number | null;
      eventRetentionDays: number;
      specVersion: string;
      trustedIssuers: components['schemas']['TrustedIssuerDto'][];
      legacyDeliveryUris: boolean;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    ProviderPageDto: {
      data: components['schemas']['ProviderDto'][];
      nextCursor: string | null;
    };
    UpdateProviderDto: {
      /** @description Authorization servers whose JWTs are accepted from receivers. */
      trustedIssuers?: components['schemas']['TrustedIssuerDto'][];
      /**
       * @description Whether a new stream has all subjects or none (SSF 1.0 section 7.1).
       * @enum {string}
       */
      defaultSubjects?: 'ALL' | 'NONE';
      /**
       * @description Algorithm of the signing keys that are made for it; RS256 is what the CAEP Interoperability Profile asks for.
       * @enum {string}
       */
      signingAlgorithm?: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
      /** @description How long an undelivered SET is kept. */
      eventRetentionDays?: number;
      /**
       * @description `spec_version` of its metadata, for receivers that insist on another.
       * @example 1_0
       */
      specVersion?: string;
      /** @description List the delivery method URIs from before 1.0 in the metadata too. */
      legacyDeliveryUris?: boolean;
      /**
       * @description The events that signals become, by signal type; those that are not there keep the default, an empty array is none
       * @example {
       *       "account.disabled": [
       *         {
       *           "event": "account-disabled"
       *         },
       *         {
       *           "event": "session-revoked"
       *         }
       *       ]
       *     }
       */
      eventMapping?: {
        [key: string]: {
          /** @description URI or short name of the event type */
          event: string;
          /** @description Of signals without one */
          reasonAdmin?: {
            [key: string]: string;
          };
          /** @description Of signals without one */
          reasonUser?: {
            [key: string]: string;
          };
        }[];
      };
      /** @example Acme */
      name?: string;
      /**
       * @description After how many days its signing key is replaced by a new one; null, as by default: by hand.
       * @example 90
       */
      keyRotationDays?: number | null;
      /** @description Keep back what a stream was told a moment ago and has not changed since; null, as by default: send it again. */
      foldRepeats?: components['schemas']['FoldRepeatsDto'] | null;
    };
    SigningKeyDto: {
      /** @enum {string} */
      status: 'next' | 'active' | 'retiring' | 'retired';
      /** @description As the JWK Set publishes it */
      publicJwk: {
        [key: string]: unknown;
      };
      /**
       * @description Where the private half is: `local` is in the database, encrypted.
       * @enum {string}
       */
      location: 'local' | 'remote';
      kid: string;
      /** @enum {string} */
      algorithm: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
      /**
       * Format: date-time
       * @description When a `next` key begins to sign.
       */
      activatesAt: string | null;
      /**
       * Format: date-time
       * @description When a `retiring` key leaves the JWK Set.
       */
      retiresAt: string | null;
      /** @description What the remote signer knows the key by. */
      remoteKeyId: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      statusChangedAt: string;
    };
    SigningKeyListDto: {
      data: components['schemas']['SigningKeyDto'][];
      nextCursor: string | null;
    };
    RotateSigningKeyDto: {
      /** @description For keys that others may know: the new key signs at once, and all that have signed are withdrawn. */
      immediately?: boolean;
    };
    ImportSigningKeyDto: {
      /** @description For keys that others may know: the new key signs at once, and all that have signed are withdrawn. */
      immediately?: boolean;
      /** @description PKCS #8, PKCS #1 or SEC 1, not encrypted. Its kid will be the RFC 7638 thumbprint. */
      pem?: string;
      /** @description A private JWK. Its `kid` is kept. */
      jwk?: {
        [key: string]: unknown;
      };
      /** @description A key that the remote signer has already; its kid will be the RFC 7638 thumbprint. */
      remoteKeyId?: string;
      /**
       * @description Default: what the JWK says, else the provider's if the key can have it.
       * @enum {string}
       */
      algorithm?: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
    };
    CreateApplicationDto: {
      /** @description `aud` of its SETs, one or several; default `{issuer}/applications/{slug}`. */
      audience?: string | string[];
      /**
       * @description How its SETs name a user; a user who lacks it gives no SET, with the reason recorded.
       * @enum {string}
       */
      subjectFormat?:
        'iss_sub' | 'email' | 'opaque' | 'phone_number' | 'account' | 'did' | 'uri' | 'aliases' | 'complex';
      /**
       * @description The application knows users and devices by names of its own, which nobody can compare with those of another one, and
       *     its SETs have a `txn` of their own. For the formats `iss_sub`, `opaque`, `aliases` and `complex`.
       */
      pairwiseSubjects?: boolean;
      /** @description With `defaultSubjects` NONE: a user becomes a subject of its streams with the first session.established of its `clientId`. */
      autoSubscribe?: boolean;
      /** @description Send a verification event after a push stream was created. */
      verifyOnCreate?: boolean;
      /** @description The receiver is from before SSF 1.0: older delivery URIs, `format`, `aud` of its choice, no `stream_id`, subjects inside events. */
      legacyProfile?: boolean;
      /** @description Streams that it may have; 20 unless given. */
      maxStreams?: number;
      /**
       * Format: uuid
       * @description The provider that it receives from.
       */
      providerId: string;
      /**
       * @description Unique among the provider's applications; cannot be changed.
       * @example mail
       */
      slug: string;
      /** @example Mail */
      name: string;
      /** @description Event type URIs that it may have; null or absent: all. */
      allowedEvents?: string[] | null;
      /** @description `push`, `poll` or their URIs; null or absent: all. */
      allowedDeliveryMethods?: string[] | null;
      /** @description Push URLs that it may name: exact, or a prefix ending in `*`; null or absent: any public one. */
      pushUrlAllowList?: string[] | null;
      /** @description Only SETs about users of these groups; null or absent: all users. */
      allowedGroups?: string[] | null;
      /** @description Only SETs about subjects of these tenants; null or absent: all. */
      allowedTenants?: string[] | null;
      /** @description Its id at the identity provider, which signals name in `details.clientId`. */
      clientId?: string | null;
      /**
       * @description Seconds without a request of the receiver about a stream (a poll is one, a push is none) after which the stream is
       *     paused, and its receiver told. At least 300; null or absent: never.
       */
      inactivityTimeoutSeconds?: number | null;
    };
    ApplicationDto: {
      id: string;
      providerId: string;
      slug: string;
      name: string;
      audience: string[];
      /** @enum {string} */
      subjectFormat:
        'uri' | 'email' | 'account' | 'iss_sub' | 'opaque' | 'phone_number' | 'did' | 'aliases' | 'complex';
      pairwiseSubjects: boolean;
      allowedEvents: string[] | null;
      allowedDeliveryMethods: string[] | null;
      pushUrlAllowList: string[] | null;
      allowedGroups: string[] | null;
      allowedTenants: string[] | null;
      clientId: string | null;
      autoSubscribe: boolean;
      verifyOnCreate: boolean;
      legacyProfile: boolean;
      maxStreams: number;
      inactivityTimeoutSeconds: number | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    ApplicationPageDto: {
      data: components['schemas']['ApplicationDto'][];
      nextCursor: string | null;
    };
    UpdateApplicationDto: {
      /** @description `aud` of its SETs, one or several; default `{issuer}/applications/{slug}`. */
      audience?: string | string[];
      /**
       * @description How its SETs name a user; a user who lacks it gives no SET, with the reason recorded.
       * @enum {string}
       */
      subjectFormat?:
        'iss_sub' | 'email' | 'opaque' | 'phone_number' | 'account' | 'did' | 'uri' | 'aliases' | 'complex';
      /**
       * @description The application knows users and devices by names of its own, which nobody can compare with those of another one, and
       *     its SETs have a `txn` of their own. For the formats `iss_sub`, `opaque`, `aliases` and `complex`.
       */
      pairwiseSubjects?: boolean;
      /** @description With `defaultSubjects` NONE: a user becomes a subject of its streams with the first session.established of its `clientId`. */
      autoSubscribe?: boolean;
      /** @description Send a verification event after a push stream was created. */
      verifyOnCreate?: boolean;
      /** @description The receiver is from before SSF 1.0: older delivery URIs, `format`, `aud` of its choice, no `stream_id`, subjects inside events. */
      legacyProfile?: boolean;
      /** @description Streams that it may have; 20 unless given. */
      maxStreams?: number;
      /** @example Mail */
      name?: string;
      /** @description Event type URIs that it may have; null or absent: all. */
      allowedEvents?: string[] | null;
      /** @description `push`, `poll` or their URIs; null or absent: all. */
      allowedDeliveryMethods?: string[] | null;
      /** @description Push URLs that it may name: exact, or a prefix ending in `*`; null or absent: any public one. */
      pushUrlAllowList?: string[] | null;
      /** @description Only SETs about users of these groups; null or absent: all users. */
      allowedGroups?: string[] | null;
      /** @description Only SETs about subjects of these tenants; null or absent: all. */
      allowedTenants?: string[] | null;
      /** @description Its id at the identity provider, which signals name in `details.clientId`. */
      clientId?: string | null;
      /**
       * @description Seconds without a request of the receiver about a stream (a poll is one, a push is none) after which the stream is
       *     paused, and its receiver told. At least 300; null or absent: never.
       */
      inactivityTimeoutSeconds?: number | null;
    };
    PairwiseSubjectDto: {
      iss: string;
      sub: string;
    };
    CreateTokenDto: {
      /**
       * Format: date-time
       * @description Default: it does not expire.
       */
      expiresAt?: string;
      /**
       * @description What it is for.
       * @example production
       */
      name?: string;
      /** @description `ssf.manage` includes `ssf.read`. */
      scopes: ('ssf.read' | 'ssf.manage')[];
    };
    CreatedTokenDto: {
      id: string;
      token: string;
    };
    TokenDto: {
      id: string;
      name: string | null;
      scopes: ('ssf.read' | 'ssf.manage')[];
      /** Format: date-time */
      expiresAt: string | null;
      /** Format: date-time */
      createdAt: string;
    };
    TokenPageDto: {
      data: components['schemas']['TokenDto'][];
      nextCursor: string | null;
    };
    CreateOAuthClientDto: {
      /** @description For `private_key_jwt`, and needed there: a JWK Set of 1 to 10 public keys for RS256, PS256, ES256 or EdDSA. */
      jwks?: {
        [key: string]: unknown;
      };
      /**
       * @description What it is for.
       * @example production
       */
      name?: string;
      /**
       * @description How it proves who it is at the token endpoint.
       * @enum {string}
       */
      tokenEndpointAuthMethod: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
      /** @description What it may ask for. `ssf.manage` includes `ssf.read`. */
      scopes: ('ssf.read' | 'ssf.manage')[];
    };
    CreatedOAuthClientDto: {
      clientId: string;
      clientSecret?: string;
    };
    OAuthClientDto: {
      jwks: {
        [key: string]: unknown;
      } | null;
      clientId: string;
      name: string | null;
      /** @enum {string} */
      tokenEndpointAuthMethod: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
      scopes: ('ssf.read' | 'ssf.manage')[];
      /** Format: date-time */
      createdAt: string;
    };
    OAuthClientPageDto: {
      data: components['schemas']['OAuthClientDto'][];
      nextCursor: string | null;
    };
    CreateStreamForApplicationDto: {
      /**
       * @example {
       *       "method": "urn:ietf:rfc:8935",
       *       "endpoint_url": "https://receiver.example/events"
       *     }
       */
      delivery?: {
        method?: string;
        endpoint_url?: string;
        authorization_header?: string;
      };
      /** @description Absent: every event type that the application may have. */
      events_requested?: string[];
      description?: string;
      applicationId: string;
    };
    StreamHealthDto: {
      pendingCount: number;
      /** Format: date-time */
      oldestPendingAt: string | null;
      /** Format: date-time */
      lastSuccessAt: string | null;
      /** Format: date-time */
      lastFailureAt: string | null;
      /** @description Code of the last failure, until a success. */
      lastError: string | null;
      consecutiveFailures: number;
      /**
       * Format: date-time
       * @description When the next try is due, while the stream backs off.
       */
      retryAt: string | null;
      /**
       * Format: date-time
       * @description The first failure since the last success: after a while of nothing else the stream is paused.
       */
      failingSince: string | null;
    };
    StreamDto: {
      /** @enum {string} */
      managedBy: 'receiver' | 'administrator';
      /** @enum {string} */
      status: 'enabled' | 'paused' | 'disabled';
      /** @enum {string} */
      deliveryMethod: 'push' | 'poll';
      id: string;
      providerId: string;
      applicationId: string;
      statusReason: string | null;
      /** @description An administrator set the status, and the receiver may not change it. */
      statusLocked: boolean;
      /** @description Push only. */
      endpointUrl: string | null;
      audience: string[];
      eventsSupported: string[];
      eventsRequested: string[] | null;
      eventsDelivered: string[];
      description: string | null;
      health: components['schemas']['StreamHealthDto'];
      /** @description Subjects in its list: those added to none, or removed from all. */
      subjectsCount: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    StreamPageDto: {
      data: components['schemas']['StreamDto'][];
      nextCursor: string | null;
    };
    ListedSubjectDto: {
      /** @enum {string} */
      kind: 'added' | 'removed';
      subject: components['schemas']['SubjectIdentifier'];
      id: string;
      /** @description Whether the receiver has verified the identifier. */
      verified: boolean;
      /** Format: date-time */
      createdAt: string;
    };
    ListedSubjectPageDto: {
      data: components['schemas']['ListedSubjectDto'][];
      nextCursor: string | null;
    };
    UpdateStreamStatusDto: {
      /** @enum {string} */
      status: 'enabled' | 'paused' | 'disabled';
      /**
       * @description Told to the receiver.
       * @example maintenance
       */
      reason?: string;
      /** @description Whether the receiver may not change the status; true for `disabled` and false otherwise unless given. */
      locked?: boolean;
    };
    SignalDto: {
      /**
       * @description Slug of the provider
       * @example acme
       */
      provider: string;
      /**
       * @description Your own id: recording it twice gives one signal
       * @example evt-8841
       */
      id?: string;
      /**
       * @example session.revoked
       * @enum {string}
       */
      type:
        | 'logout'
        | 'session.revoked'
        | 'session.established'
        | 'session.presented'
        | 'password.changed'
        | 'mfa.added'
        | 'mfa.removed'
        | 'mfa.updated'
        | 'credential.compromised'
        | 'token-claims.changed'
        | 'assurance-level.changed'
        | 'device.compliance-changed'
        | 'risk-level.changed'
        | 'account.disabled'
        | 'account.enabled'
        | 'account.purged'
        | 'account.credential-change-required'
        | 'identifier.changed'
        | 'identifier.recycled'
        | 'recovery.activated'
        | 'recovery.information-changed'
        | 'opt-in'
        | 'opt-out.initiated'
        | 'opt-out.cancelled'
        | 'opt-out.effective'
        | 'event';
      /**
       * Format: date-time
       * @description Default: now
       * @example 2026-11-21T17:00:00Z
       */
      occurredAt?: string;
      /**
       * @description Whom it is about, with every identifier that is known; or subId, sent as it stands
       * @example {
       *       "user": {
       *         "id": "u-31",
       *         "email": "ana@acme.test",
       *         "phoneNumber": "+15550100"
       *       },
       *       "session": {
       *         "id": "s-77"
       *       }
       *     }
       */
      subject: {
        subId?: components['schemas']['SubjectIdentifier'];
      } & {
        [key: string]: unknown;
      };
      /** @enum {string} */
      initiatingEntity?: 'admin' | 'user' | 'policy' | 'system';
      /**
       * @example {
       *       "en": "Offboarding"
       *     }
       */
      reasonAdmin?: {
        [key: string]: string;
      };
      /**
       * @example {
       *       "en": "You were signed out."
       *     }
       */
      reasonUser?: {
        [key: string]: string;
      };
      /**
       * @description Ties SETs of one cause together; default: the id of the answer
       * @example op-117
       */
      txn?: string;
      /** @description By type */
      details?: {
        [key: string]: unknown;
      };
    };
    RecordedSignalDto: {
      /** @enum {string} */
      status: 'accepted' | 'duplicate';
      id: string;
    };
    RecordedSignalsDto: {
      data: components['schemas']['RecordedSignalDto'][];
    };
    PreviewedOutcomeDto: {
      /** @description Of the SET that it would get */
      claims?: {
        [key: string]: unknown;
      };
      /**
       * @description Why there would be none.
       * @enum {string}
       */
      reason?:
        | 'status_disabled'
        | 'event_not_delivered'
        | 'event_not_mapped'
        | 'subject_not_in_stream'
        | 'no_subject_identifier'
        | 'no_pairwise_identifier'
        | 'user_not_allowed'
        | 'user_opted_out'
        | 'not_for_application'
        | 'refused_by_host'
        | 'folded'
        | 'internal_error';
      streamId: string;
      applicationId: string;
      /** @description Of which event, when the provider's mapping says what the signal becomes. */
      eventType?: string;
    };
    SignalPreviewDto: {
      /** @description Each of the provider's streams */
      outcomes: components['schemas']['PreviewedOutcomeDto'][];
    };
    SignalOutcomeDto: {
      /**
       * @description Why there is none.
       * @enum {string}
       */
      reason?:
        | 'status_disabled'
        | 'event_not_delivered'
        | 'event_not_mapped'
        | 'subject_not_in_stream'
        | 'no_subject_identifier'
        | 'no_pairwise_identifier'
        | 'user_not_allowed'
        | 'user_opted_out'
        | 'not_for_application'
        | 'refused_by_host'
        | 'folded'
        | 'internal_error';
      streamId: string;
      /** @description Of which event, when the provider's mapping says what the signal becomes. */
      eventType?: string;
      /** @description Its SET. */
      jti?: string;
    };
    StoredSignalDto: {
      subject: {
        [key: string]: unknown;
      };
      reasonAdmin: {
        [key: string]: string;
      } | null;
      reasonUser: {
        [key: string]: string;
      } | null;
      details: {
        [key: string]: unknown;
      };
      /** @description Each of the provider's streams: its SET, or why there is none */
      outcomes: components['schemas']['SignalOutcomeDto'][];
      id: string;
      providerId: string;
      externalId: string | null;
      type: string;
      /** Format: date-time */
      occurredAt: string;
      /** Format: date-time */
      recordedAt: string;
      initiatingEntity: string | null;
      txn: string;
      /**
       * Format: date-time
       * @description Null while it is still to be fanned out.
       */
      fannedOutAt: string | null;
      /**
       * Format: date-time
       * @description When what it told of its subject was removed.
       */
      purgedAt: string | null;
    };
    SignalPageDto: {
      data: components['schemas']['StoredSignalDto'][];
      nextCursor: string | null;
    };
    CreateSourceDto: {
      /**
       * @description What it sends: signals, CloudEvents, or the webhooks of a product. Cannot be changed.
       * @example keycloak
       * @enum {string}
       */
      profile: 'signal' | 'cloudevents' | 'authentik' | 'keycloak' | 'logto';
      /**
       * @description What is done with an event that is no signal; default: `list` for webhooks of products, where most are none.
       * @enum {string}
       */
      unmapped?: 'refuse' | 'list';
      /**
       * @description What the product signs its webhooks with (`keycloak`, `logto`): each must then be signed, and there is no token.
       *     Never shown again.
       */
      signingSecret?: string;
      /**
       * Format: uuid
       * @description The provider whose signals it records; of no other.
       */
      providerId: string;
      /**
       * @description Unique among the provider's sources; the ids of its signals begin with it. Cannot be changed.
       * @example keycloak
       */
      slug: string;
      /** @example Keycloak, realm acme */
      name: string;
    };
    CreatedSourceDto: {
      /** @enum {string} */
      profile: 'signal' | 'cloudevents' | 'authentik' | 'keycloak' | 'logto';
      /** @enum {string} */
      unmapped: 'refuse' | 'list';
      /**
       * @description How it shows who it is.
       * @enum {string}
       */
      authentication: 'token' | 'signature';
      token?: string;
      id: string;
      providerId: string;
      slug: string;
      name: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    SourceDto: {
      /** @enum {string} */
      profile: 'signal' | 'cloudevents' | 'authentik' | 'keycloak' | 'logto';
      /** @enum {string} */
      unmapped: 'refuse' | 'list';
      /**
       * @description How it shows who it is.
       * @enum {string}
       */
      authentication: 'token' | 'signature';
      id: string;
      providerId: string;
      slug: string;
      name: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    SourcePageDto: {
      data: components['schemas']['SourceDto'][];
      nextCursor: string | null;
    };
    UpdateSourceDto: {
      /**
       * @description What is done with an event that is no signal; default: `list` for webhooks of products, where most are none.
       * @enum {string}
       */
      unmapped?: 'refuse' | 'list';
      /**
       * @description What the product signs its webhooks with (`keycloak`, `logto`): each must then be signed, and there is no token.
       *     Never shown again.
       */
      signingSecret?: string;
      /** @example Keycloak, realm acme */
      name?: string;
    };
    SourceTokenDto: {
      /** @enum {string} */
      scope: 'ssf.emit';
      token: string;
    };
    UnmappedEventDto: {
      /**
       * @description What the product calls it.
       * @example access.LOGIN_ERROR
       */
      eventType: string;
      /** @description Of the last one. */
      reason: string;
      count: number;
      /** Format: date-time */
      firstAt: string;
      /** Format: date-time */
      lastAt: string;
    };
    UnmappedEventsDto: {
      data: components['schemas']['UnmappedEventDto'][];
    };
    SourceOutcomeDto: {
      /** @enum {string} */
      status: 'accepted' | 'duplicate' | 'unmapped';
      /** @description Of the signal, unless there is none. */
      id?: string;
      /** @description Why it is no signal. */
      reason?: string;
    };
    SourceOutcomesDto: {
      data: components['schemas']['SourceOutcomeDto'][];
    };
    SetSummaryDto: {
      /** @enum {string} */
      status: 'pending' | 'held' | 'delivered' | 'rejected' | 'dead' | 'dropped';
      jti: string;
      providerId: string;
      applicationId: string;
      streamId: string;
      /** @description Null for verification and stream-updated. */
      signalId: string | null;
      eventType: string;
      txn: string | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Why it was rejected, given up or dropped. */
      reason: string | null;
      /** Format: date-time */
      endedAt: string | null;
      /**
       * Format: date-time
       * @description When what it told of its subject was removed; it cannot be sent again.
       */
      purgedAt: string | null;
      /**
       * Format: date-time
       * @description When it is dropped unless it is delivered before; a failed push moves it. Null once it has ended.
       */
      expiresAt: string | null;
      subId: components['schemas']['SubjectIdentifier'];
    };
    SetPageDto: {
      data: components['schemas']['SetSummaryDto'][];
      nextCursor: string | null;
    };
    AttemptDto: {
      /**
       * @description `none`: it ended without a try.
       * @enum {string}
       */
      method: 'push' | 'poll' | 'none';
      /**
       * @description redelivered: it was queued again; description says on whose behalf
       * @enum {string}
       */
      outcome: 'delivered' | 'rejected' | 'retry' | 'dead' | 'dropped' | 'redelivered';
      attempt: number;
      /** Format: date-time */
      at: string;
      httpStatus: number | null;
      /** @description The receiver's error code, or ours. */
      err: string | null;
      description: string | null;
      durationMs: number | null;
    };
    SetDto: {
      /** @enum {string} */
      status: 'pending' | 'held' | 'delivered' | 'rejected' | 'dead' | 'dropped';
      /** @description As they are signed */
      claims: components['schemas']['SetClaims'];
      jti: string;
      providerId: string;
      applicationId: string;
      streamId: string;
      /** @description Null for verification and stream-updated. */
      signalId: string | null;
      eventType: string;
      txn: string | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Why it was rejected, given up or dropped. */
      reason: string | null;
      /** Format: date-time */
      endedAt: string | null;
      /**
       * Format: date-time
       * @description When what it told of its subject was removed; it cannot be sent again.
       */
      purgedAt: string | null;
      /**
       * Format: date-time
       * @description When it is dropped unless it is delivered before; a failed push moves it. Null once it has ended.
       */
      expiresAt: string | null;
      /** @description The SET as it was handed out by poll, while that is kept: until it is acknowledged. */
      signed: string | null;
      attempts: components['schemas']['AttemptDto'][];
    };
    RedeliverSetsDto: {
      /** Format: uuid */
      providerId?: string;
      /** Format: uuid */
      applicationId?: string;
      /** Format: uuid */
      streamId?: string;
      /** Format: uuid */
      signalId?: string;
      /**
       * @description How they ended; `rejected`, `dead` or `dropped` unless given.
       * @example dead
       * @enum {string}
       */
      status?: 'delivered' | 'rejected' | 'dead' | 'dropped';
      /** @description Event type URI. */
      eventType?: string;
      txn?: string;
      /** @description A user as a person remembers one: id, e-mail address, phone number, ...; or a Subject Identifier in JSON. */
      subject?: string;
      /**
       * Format: date-time
       * @description Made at or after.
       */
      from?: string;
      /**
       * Format: date-time
       * @description Made before; now unless given.
       */
      to?: string;
    };
    RecoveryFilterDto: {
      /** Format: uuid */
      providerId?: string;
      /** Format: uuid */
      applicationId?: string;
      /** Format: uuid */
      streamId?: string;
      /** Format: uuid */
      signalId?: string;
      /** @description Event type URI. */
      eventType?: string;
      txn?: string;
      /** @description Whether it is about one subject, which is kept as a digest only. */
      hasSubject: boolean;
    };
    RecoveryDto: {
      statuses: ('delivered' | 'rejected' | 'dead' | 'dropped')[];
      /** @enum {string} */
      state: 'running' | 'done' | 'cancelled';
      id: string;
      /** @description When all of its SETs are one stream's. */
      streamId: string | null;
      /** @description Which SETs. */
      filter: components['schemas']['RecoveryFilterDto'];
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      /**
       * @description How much of the time from `from` to `to` it has been through, 0 to 1.
       * @example 0.42
       */
      progress: number;
      /** @description SETs that it has queued again. */
      redelivered: number;
      /** @description SETs that it wanted and could not queue: their stream is disabled or deleted, what they told was removed, or they were queued meanwhile. */
      skipped: number;
      /** @description Why its last batch failed, until one succeeds; it is tried again. */
      error: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      /**
       * Format: date-time
       * @description When it was done or cancelled.
       */
      finishedAt: string | null;
    };
    RecoverStreamDto: {
      /**
       * Format: date-time
       * @description SETs made at or after this time; at most as many days ago as the provider keeps its events, or 14.
       * @example 2026-11-21T17:00:00Z
       */
      from: string;
      /**
       * Format: date-time
       * @description SETs made before this time; now unless given.
       * @example 2026-11-21T19:30:00Z
       */
      to?: string;
      /**
       * @description How they ended; `rejected`, `dead` and `dropped` unless given.
       * @example [
       *       "rejected",
       *       "dead"
       *     ]
       */
      statuses?: ('delivered' | 'rejected' | 'dead' | 'dropped')[];
    };
    RecoveryPageDto: {
      data: components['schemas']['RecoveryDto'][];
      nextCursor: string | null;
    };
    SignalStatsDto: {
      /**
       * @description Types of signals
       * @example {
       *       "session.revoked": 118,
       *       "password.changed": 4
       *     }
       */
      byType: {
        [key: string]: number;
      };
      recorded: number;
    };
    SetStatsDto: {
      /**
       * @description Where they stand now.
       * @example {
       *       "pending": 2,
       *       "held": 0,
       *       "delivered": 240,
       *       "rejected": 1,
       *       "dead": 0,
       *       "dropped": 3
       *     }
       */
      byStatus: {
        pending: number;
        held: number;
        delivered: number;
        rejected: number;
        dead: number;
        dropped: number;
      };
      /**
       * @description Event type URIs
       * @example {
       *       "https://schemas.openid.net/secevent/caep/event-type/session-revoked": 236
       *     }
       */
      byEventType: {
        [key: string]: number;
      };
      made: number;
    };
    LatencyDto: {
      /** @description SETs that it was measured of. */
      count: number;
      p50Ms: number;
      p95Ms: number;
      p99Ms: number;
    };
    LatenciesDto: {
      /** @description Null when none was delivered. */
      push: components['schemas']['LatencyDto'] | null;
      /** @description How soon receivers fetch and acknowledge. Null when none did. */
      poll: components['schemas']['LatencyDto'] | null;
    };
    QueueStatsDto: {
      pending: number;
      /** @description Of paused streams. */
      held: number;
      /** Format: date-time */
      oldestPendingAt: string | null;
    };
    StatsDto: {
      /**
       * @description At the SETs that were made in this time.
       * @example {
       *       "delivered": 240,
       *       "rejected": 1,
       *       "retry": 7,
       *       "dead": 0,
       *       "dropped": 3,
       *       "redelivered": 0
       *     }
       */
      attempts: {
        delivered: number;
        rejected: number;
        retry: number;
        dead: number;
        dropped: number;
        redelivered: number;
      };
      /**
       * @description Of now. `failing` are those of any status whose last pushes failed.
       * @example {
       *       "enabled": 11,
       *       "paused": 1,
       *       "disabled": 0,
       *       "failing": 1
       *     }
       */
      streams: {
        enabled: number;
        paused: number;
        disabled: number;
        failing: number;
      };
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      /** @description Null: all. */
      providerId: string | null;
      signals: components['schemas']['SignalStatsDto'];
      sets: components['schemas']['SetStatsDto'];
      latency: components['schemas']['LatenciesDto'];
      /** @description Of now. */
      queue: components['schemas']['QueueStatsDto'];
    };
    PayloadRetentionDto: {
      /** @description `SSF_PAYLOAD_RETENTION_HOURS`: they are removed so long after the last of a signal's SETs ended. */
      retentionHours: number;
      /**
       * Format: date-time
       * @description Signals that were made before are looked at.
       */
      before: string;
      /**
       * Format: date-time
       * @description Up to when they have been; null while none was.
       */
      doneUntil: string | null;
      /** @description How many the next step would take them out of: it looks at 200 signals, and as many that were left. */
      signals: number;
      /** @description Their SETs. */
      sets: number;
      /** @description Signals that were left, since something of them waits or ended a short while ago. */
      kept: number;
    };
    PendingCountsDto: {
      /** @description SETs of that day that are pending or held. */
      sets: number;
      /** @description Signals of that day that wait for their fan-out. */
      signals: number;
      /** @description Recoveries under way that have yet to look at that day. */
      recoveries: number;
    };
    HistoryPartitionDto: {
      /** @enum {string} */
      table: 'signal' | 'signal_outcome' | 'security_event_token' | 'attempt';
      /** @description About, as PostgreSQL estimates; null while it has not looked. */
      rows: number | null;
      /** @description On disk, with the indexes. */
      bytes: number;
    };
    RetainedDayDto: {
      /** @description What keeps it. Counted once its time is over, null before. */
      pending: components['schemas']['PendingCountsDto'] | null;
      /**
       * @description Why it stays; null when it goes.
       * @enum {string|null}
       */
      reason: 'within_retention' | 'pending' | 'grace' | null;
      /**
       * @description UTC.
       * @example 2026-11-21
       */
      day: string;
      /** @description Its partitions, which go together. */
      tables: components['schemas']['HistoryPartitionDto'][];
      /** @description Whether the next round drops it. */
      goes: boolean;
      /**
       * Format: date-time
       * @description From when on it goes; null while something waits.
       */
      goesAt: string | null;
    };
    RetentionDto: {
      /** @description Null: personal data stay until their day goes. */
      payloads: components['schemas']['PayloadRetentionDto'] | null;
      /** @description The longest `eventRetentionDays` of any provider. */
      retentionDays: number;
      /** @description Oldest first. */
      data: components['schemas']['RetainedDayDto'][];
      nextCursor: string | null;
    };
    AuditActorDto: {
      /** @enum {string} */
      kind: 'administrator' | 'receiver' | 'system';
      /**
       * @description Of an administrator: `bootstrap` (the token of the settings), the id of an admin token, or issuer and subject of a
       *     JWT, with a space between them. Of a receiver: its application. Of the system: the task, such as `inactivity`.
       */
      id: string | null;
      /** @description Of an administrator, as it was then. */
      name: string | null;
    };
    AuditEntryDto: {
      /** @enum {string} */
      action:
        | 'provider.created'
        | 'provider.updated'
        | 'provider.deleted'
        | 'signing_key.created'
        | 'signing_key.status_changed'
        | 'signing_key.deleted'
        | 'application.created'
        | 'application.updated'
        | 'application.deleted'
        | 'token.created'
        | 'token.revoked'
        | 'admin_token.created'
        | 'admin_token.revoked'
        | 'oauth_client.created'
        | 'oauth_client.deleted'
        | 'signal_source.created'
        | 'signal_source.updated'
        | 'signal_source.credential_changed'
        | 'signal_source.deleted'
        | 'stream.created'
        | 'stream.updated'
        | 'stream.status_changed'
        | 'stream.verification_requested'
        | 'stream.deleted'
        | 'subject.added'
        | 'subject.removed'
        | 'subject.purged'
        | 'set.redelivered'
        | 'sets.dropped'
        | 'recovery.requested'
        | 'recovery.cancelled'
        | 'history.dropped'
        | 'audit_log.shortened';
      /** @description What there was, or what of it has changed. Never a secret */
      before: {
        [key: string]: unknown;
      } | null;
      /** @description What there is since, or how that stands now. Never a secret */
      after: {
        [key: string]: unknown;
      } | null;
      id: string;
      /** Format: date-time */
      at: string;
      actor: components['schemas']['AuditActorDto'];
      providerId: string | null;
      applicationId: string | null;
      streamId: string | null;
      /** @description What it is about, when that is none of these: the id of a token, client, SET or recovery, the `kid` of a key, the day of a history, the digest of a subject. */
      targetId: string | null;
      /** @description Of the client, as the trusted proxies tell it; null for the system. */
      address: string | null;
      /** @description `requestId` of the line that the request has in the log, and `x-request-id` of its answer. */
      requestId: string | null;
    };
    AuditLogPageDto: {
      data: components['schemas']['AuditEntryDto'][];
      nextCursor: string | null;
    };
    ResealedSecretsDto: {
      /**
       * @description What they are.
       * @example signing keys
       */
      name: string;
      /** @description So many were encrypted with another key than the first, and are with the first now. */
      resealed: number;
      /** @description So many were encrypted with a key that is not configured, and are as they were. */
      unreadable: number;
    };
    ResealReportDto: {
      data: components['schemas']['ResealedSecretsDto'][];
    };
    CreateAdminTokenDto: {
      /**
       * @description `viewer` reads; `operator` also sends, repeats and pauses; `admin` may do everything.
       * @enum {string}
       */
      role: 'viewer' | 'operator' | 'admin';
      /**
       * Format: date-time
       * @description Default: it does not expire.
       */
      expiresAt?: string;
      /**
       * @description Whose it is, or what it is for: the audit log names it.
       * @example Ana
       */
      name: string;
    };
    CreatedAdminTokenDto: {
      id: string;
      token: string;
    };
    AdminTokenDto: {
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'admin';
      id: string;
      name: string;
      /** Format: date-time */
      expiresAt: string | null;
      /**
       * Format: date-time
       * @description Up to a minute late.
       */
      lastUsedAt: string | null;
      /** Format: date-time */
      createdAt: string;
    };
    AdminTokenPageDto: {
      data: components['schemas']['AdminTokenDto'][];
      nextCursor: string | null;
    };
    DeletionDto: {
      applications: number;
      streams: number;
      /** @description SETs of signals that are pending or held, counted to 10,000. Those about a stream itself do not count. */
      pendingSets: number;
      /** @description Of a provider: signals that wait for their fan-out, counted to 10,000. */
      waitingSignals: number;
      /** @description Whether only `?force=true` deletes it. */
      needsForce: boolean;
    };
    PurgeSubjectDto: {
      /**
       * @description The id, e-mail address, phone number, ... of a user as it was recorded; or a Subject Identifier. What was recorded with other identifiers alone is found by those.
       * @example ana@acme.test
       */
      subject: string | components['schemas']['SubjectIdentifier'];
      /** @description Also what waits: SETs about the subject are dropped, with the reason `purged`. Default: it is left as it is. */
      includePending?: boolean;
      /** @description Count, and change nothing. */
      dryRun?: boolean;
      /** Format: uuid */
      providerId: string;
      /** @description `nextCursor` of the answer before. */
      cursor?: string;
    };
    PurgeReportDto: {
      dryRun: boolean;
      /** @description Signals whose subject, reasons and details were removed. */
      signals: number;
      /** @description Their SETs, whose claims about the subject were removed. */
      sets: number;
      /** @description Attempts that lost what the receiver said in words. */
      attempts: number;
      /** @description How many of the SETs waited, and were dropped. */
      dropped: number;
      /** @description Entries in the lists of streams' subjects. */
      streamSubjects: number;
      /** @description Notes that a session made the subject one of a stream's. */
      autoSubscriptions: number;
      optOuts: number;
      /** @description Signals that were left as they are, since they, or SETs of them, wait. */
      skipped: number;
      /** @description For the next request, of the same kind; null when that was all. */
      nextCursor: string | null;
    };
    CurrentAdministratorDto: {
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'admin';
      /** @description `actor.id` in the audit log: `bootstrap`, the id of an admin token, issuer and subject of a JWT. */
      id: string;
      /** @description `actor.name` in the audit log. */
      name: string | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listProviders: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  createProvider: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateProviderDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getProvider: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what the caller has. */
        'If-None-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderDto'];
        };
      };
      /** @description It has not changed since. */
      304: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  deleteProvider: {
    parameters: {
      query?: {
        /** @description Also when SETs that still wait go with it: each is then `dropped`, with the reason `stream_deleted`. */
        force?: boolean;
      };
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description SETs still wait: `deletion` says what would go. With `force=true` it goes. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  updateProvider: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateProviderDto'];
      };
    };
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description A key of another algorithm is the next one already. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listSigningKeys: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SigningKeyListDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  importSigningKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ImportSigningKeyDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SigningKeyDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /**
       * @description It exists already, or the key was used otherwise.
       *
       *     There is a next key already, or one with this kid.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  rotateSigningKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['RotateSigningKeyDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SigningKeyDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /**
       * @description It exists already, or the key was used otherwise.
       *
       *     There is a next key already.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  deleteSigningKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        kid: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description The key is needed. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listApplications: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        providerId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApplicationPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  createApplication: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateApplicationDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApplicationDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getApplication: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what the caller has. */
        'If-None-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApplicationDto'];
        };
      };
      /** @description It has not changed since. */
      304: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  deleteApplication: {
    parameters: {
      query?: {
        /** @description Also when SETs that still wait go with it: each is then `dropped`, with the reason `stream_deleted`. */
        force?: boolean;
      };
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description SETs still wait: `deletion` says what would go. With `force=true` it goes. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  updateApplication: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateApplicationDto'];
      };
    };
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApplicationDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getPairwiseSubject: {
    parameters: {
      query: {
        /** @description The `id` of the user in signals. */
        userId: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PairwiseSubjectDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listTokens: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TokenPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  createToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateTokenDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedTokenDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  revokeToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        tokenId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listOAuthClients: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OAuthClientPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  createOAuthClient: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateOAuthClientDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedOAuthClientDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  deleteOAuthClient: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        clientId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listStreams: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        providerId?: string;
        applicationId?: string;
        status?: 'enabled' | 'paused' | 'disabled';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StreamPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  createStreamAsAdministrator: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateStreamForApplicationDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StreamDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StreamDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  deleteStreamAsAdministrator: {
    parameters: {
      query?: {
        /** @description Also when SETs that still wait go with it: each is then `dropped`, with the reason `stream_deleted`. */
        force?: boolean;
      };
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description SETs still wait: `deletion` says what would go. With `force=true` it goes. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listSubjects: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListedSubjectPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  updateStreamStatus: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateStreamStatusDto'];
      };
    };
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StreamDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  verifyStreamAsAdministrator: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listSignals: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        providerId?: string;
        type?:
          | 'logout'
          | 'session.revoked'
          | 'session.established'
          | 'session.presented'
          | 'password.changed'
          | 'mfa.added'
          | 'mfa.removed'
          | 'mfa.updated'
          | 'credential.compromised'
          | 'token-claims.changed'
          | 'assurance-level.changed'
          | 'device.compliance-changed'
          | 'risk-level.changed'
          | 'account.disabled'
          | 'account.enabled'
          | 'account.purged'
          | 'account.credential-change-required'
          | 'identifier.changed'
          | 'identifier.recycled'
          | 'recovery.activated'
          | 'recovery.information-changed'
          | 'opt-in'
          | 'opt-out.initiated'
          | 'opt-out.cancelled'
          | 'opt-out.effective'
          | 'event';
        /** @description Your own id of the signal. */
        externalId?: string;
        txn?: string;
        /** @description A user as a person remembers one: id, e-mail address, phone number, ...; or a Subject Identifier in JSON. */
        subject?: string;
        /** @description Recorded at or after. */
        from?: string;
        /** @description Recorded before. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignalPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  recordSignals: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          components['schemas']['SignalDto'] | components['schemas']['SignalDto'][] | Record<string, never>;
        'application/cloudevents+json': {
          /** @enum {string} */
          specversion: '1.0';
          /** @description With `source` the id of the signal: `source`, a space, `id` */
          id: string;
          /** Format: uri-reference */
          source: string;
          /**
           * @description The type of the signal, with or without the prefix
           * @enum {unknown}
           */
          type:
            | 'logout'
            | 'io.ssf.signal.logout'
            | 'session.revoked'
            | 'io.ssf.signal.session.revoked'
            | 'session.established'
            | 'io.ssf.signal.session.established'
            | 'session.presented'
            | 'io.ssf.signal.session.presented'
            | 'password.changed'
            | 'io.ssf.signal.password.changed'
            | 'mfa.added'
            | 'io.ssf.signal.mfa.added'
            | 'mfa.removed'
            | 'io.ssf.signal.mfa.removed'
            | 'mfa.updated'
            | 'io.ssf.signal.mfa.updated'
            | 'credential.compromised'
            | 'io.ssf.signal.credential.compromised'
            | 'token-claims.changed'
            | 'io.ssf.signal.token-claims.changed'
            | 'assurance-level.changed'
            | 'io.ssf.signal.assurance-level.changed'
            | 'device.compliance-changed'
            | 'io.ssf.signal.device.compliance-changed'
            | 'risk-level.changed'
            | 'io.ssf.signal.risk-level.changed'
            | 'account.disabled'
            | 'io.ssf.signal.account.disabled'
            | 'account.enabled'
            | 'io.ssf.signal.account.enabled'
            | 'account.purged'
            | 'io.ssf.signal.account.purged'
            | 'account.credential-change-required'
            | 'io.ssf.signal.account.credential-change-required'
            | 'identifier.changed'
            | 'io.ssf.signal.identifier.changed'
            | 'identifier.recycled'
            | 'io.ssf.signal.identifier.recycled'
            | 'recovery.activated'
            | 'io.ssf.signal.recovery.activated'
            | 'recovery.information-changed'
            | 'io.ssf.signal.recovery.information-changed'
            | 'opt-in'
            | 'io.ssf.signal.opt-in'
            | 'opt-out.initiated'
            | 'io.ssf.signal.opt-out.initiated'
            | 'opt-out.cancelled'
            | 'io.ssf.signal.opt-out.cancelled'
            | 'opt-out.effective'
            | 'io.ssf.signal.opt-out.effective'
            | 'event'
            | 'io.ssf.signal.event';
          /**
           * Format: date-time
           * @description When it happened; default: now
           */
          time?: string;
          /** @description The signal, without `id`, `type` and `occurredAt`; a source may leave `provider` out */
          data: {
            subject: {
              [key: string]: unknown;
            };
          } & {
            [key: string]: unknown;
          };
        } & {
          [key: string]: unknown;
        };
        'application/cloudevents-batch+json': ({
          /** @enum {string} */
          specversion: '1.0';
          /** @description With `source` the id of the signal: `source`, a space, `id` */
          id: string;
          /** Format: uri-reference */
          source: string;
          /**
           * @description The type of the signal, with or without the prefix
           * @enum {unknown}
           */
          type:
            | 'logout'
            | 'io.ssf.signal.logout'
            | 'session.revoked'
            | 'io.ssf.signal.session.revoked'
            | 'session.established'
            | 'io.ssf.signal.session.established'
            | 'session.presented'
            | 'io.ssf.signal.session.presented'
            | 'password.changed'
            | 'io.ssf.signal.password.changed'
            | 'mfa.added'
            | 'io.ssf.signal.mfa.added'
            | 'mfa.removed'
            | 'io.ssf.signal.mfa.removed'
            | 'mfa.updated'
            | 'io.ssf.signal.mfa.updated'
            | 'credential.compromised'
            | 'io.ssf.signal.credential.compromised'
            | 'token-claims.changed'
            | 'io.ssf.signal.token-claims.changed'
            | 'assurance-level.changed'
            | 'io.ssf.signal.assurance-level.changed'
            | 'device.compliance-changed'
            | 'io.ssf.signal.device.compliance-changed'
            | 'risk-level.changed'
            | 'io.ssf.signal.risk-level.changed'
            | 'account.disabled'
            | 'io.ssf.signal.account.disabled'
            | 'account.enabled'
            | 'io.ssf.signal.account.enabled'
            | 'account.purged'
            | 'io.ssf.signal.account.purged'
            | 'account.credential-change-required'
            | 'io.ssf.signal.account.credential-change-required'
            | 'identifier.changed'
            | 'io.ssf.signal.identifier.changed'
            | 'identifier.recycled'
            | 'io.ssf.signal.identifier.recycled'
            | 'recovery.activated'
            | 'io.ssf.signal.recovery.activated'
            | 'recovery.information-changed'
            | 'io.ssf.signal.recovery.information-changed'
            | 'opt-in'
            | 'io.ssf.signal.opt-in'
            | 'opt-out.initiated'
            | 'io.ssf.signal.opt-out.initiated'
            | 'opt-out.cancelled'
            | 'io.ssf.signal.opt-out.cancelled'
            | 'opt-out.effective'
            | 'io.ssf.signal.opt-out.effective'
            | 'event'
            | 'io.ssf.signal.event';
          /**
           * Format: date-time
           * @description When it happened; default: now
           */
          time?: string;
          /** @description The signal, without `id`, `type` and `occurredAt`; a source may leave `provider` out */
          data: {
            subject: {
              [key: string]: unknown;
            };
          } & {
            [key: string]: unknown;
          };
        } & {
          [key: string]: unknown;
        })[];
        'application/x-ndjson': string;
      };
    };
    responses: {
      /** @description Recorded */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecordedSignalsDto'];
          'application/x-ndjson': string;
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /**
       * @description A source may not do this.
       *
       *     It needs the role operator.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  previewSignal: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SignalDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignalPreviewDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description The host cannot say who may know of it. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getSignal: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StoredSignalDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listSources: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        providerId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SourcePageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  createSource: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateSourceDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedSourceDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getSource: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what the caller has. */
        'If-None-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SourceDto'];
        };
      };
      /** @description It has not changed since. */
      304: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  deleteSource: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  updateSource: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is. */
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateSourceDto'];
      };
    };
    responses: {
      200: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SourceDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It was changed since it was read; `ETag` says which version it is now. */
      412: {
        headers: {
          /** @description Of which version this is, for If-Match (RFC 9110 section 8.8.3). */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  renewSourceToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SourceTokenDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listUnmappedEvents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UnmappedEventsDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  sendEvents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          [key: string]: unknown;
        };
        'application/cloudevents+json': {
          /** @enum {string} */
          specversion: '1.0';
          /** @description With `source` the id of the signal: `source`, a space, `id` */
          id: string;
          /** Format: uri-reference */
          source: string;
          /**
           * @description The type of the signal, with or without the prefix
           * @enum {unknown}
           */
          type:
            | 'logout'
            | 'io.ssf.signal.logout'
            | 'session.revoked'
            | 'io.ssf.signal.session.revoked'
            | 'session.established'
            | 'io.ssf.signal.session.established'
            | 'session.presented'
            | 'io.ssf.signal.session.presented'
            | 'password.changed'
            | 'io.ssf.signal.password.changed'
            | 'mfa.added'
            | 'io.ssf.signal.mfa.added'
            | 'mfa.removed'
            | 'io.ssf.signal.mfa.removed'
            | 'mfa.updated'
            | 'io.ssf.signal.mfa.updated'
            | 'credential.compromised'
            | 'io.ssf.signal.credential.compromised'
            | 'token-claims.changed'
            | 'io.ssf.signal.token-claims.changed'
            | 'assurance-level.changed'
            | 'io.ssf.signal.assurance-level.changed'
            | 'device.compliance-changed'
            | 'io.ssf.signal.device.compliance-changed'
            | 'risk-level.changed'
            | 'io.ssf.signal.risk-level.changed'
            | 'account.disabled'
            | 'io.ssf.signal.account.disabled'
            | 'account.enabled'
            | 'io.ssf.signal.account.enabled'
            | 'account.purged'
            | 'io.ssf.signal.account.purged'
            | 'account.credential-change-required'
            | 'io.ssf.signal.account.credential-change-required'
            | 'identifier.changed'
            | 'io.ssf.signal.identifier.changed'
            | 'identifier.recycled'
            | 'io.ssf.signal.identifier.recycled'
            | 'recovery.activated'
            | 'io.ssf.signal.recovery.activated'
            | 'recovery.information-changed'
            | 'io.ssf.signal.recovery.information-changed'
            | 'opt-in'
            | 'io.ssf.signal.opt-in'
            | 'opt-out.initiated'
            | 'io.ssf.signal.opt-out.initiated'
            | 'opt-out.cancelled'
            | 'io.ssf.signal.opt-out.cancelled'
            | 'opt-out.effective'
            | 'io.ssf.signal.opt-out.effective'
            | 'event'
            | 'io.ssf.signal.event';
          /**
           * Format: date-time
           * @description When it happened; default: now
           */
          time?: string;
          /** @description The signal, without `id`, `type` and `occurredAt`; a source may leave `provider` out */
          data: {
            subject: {
              [key: string]: unknown;
            };
          } & {
            [key: string]: unknown;
          };
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SourceOutcomesDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listSets: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        providerId?: string;
        applicationId?: string;
        streamId?: string;
        signalId?: string;
        status?: 'pending' | 'held' | 'delivered' | 'rejected' | 'dead' | 'dropped';
        /** @description Event type URI. */
        eventType?: string;
        jti?: string;
        txn?: string;
        /** @description A user as a person remembers one: id, e-mail address, phone number, ...; or a Subject Identifier in JSON. */
        subject?: string;
        /** @description Made at or after. */
        from?: string;
        /** @description Made before. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SetPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getSet: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        jti: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SetDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  redeliverSet: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        jti: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Queued: its status is pending or held. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SetDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /**
       * @description It exists already, or the key was used otherwise.
       *
       *     Its stream is disabled or deleted, or the key was used otherwise.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  redeliverSets: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RedeliverSetsDto'];
      };
    };
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  recoverStream: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RecoverStreamDto'];
      };
    };
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /**
       * @description It exists already, or the key was used otherwise.
       *
       *     The stream is disabled, or the key was used otherwise.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listStreamRecoveries: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getStreamRecovery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        recoveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  cancelStreamRecovery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        recoveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It is done. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listRecoveries: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getRecovery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  cancelRecovery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role operator. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It is done. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getStats: {
    parameters: {
      query?: {
        /** @description All providers unless given. */
        providerId?: string;
        /** @description What was made at or after this time; an hour before `to` unless given, 7 days before at most. */
        from?: string;
        /** @description What was made before this time; now unless given. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StatsDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too much to count. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  readRetention: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RetentionDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listAuditLog: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Who made the change. */
        actor?: 'administrator' | 'receiver' | 'system';
        /** @description `id` of the actor, exactly: the one administrator, application or task that made the change. */
        actorId?: string;
        action?:
          | 'provider.created'
          | 'provider.updated'
          | 'provider.deleted'
          | 'signing_key.created'
          | 'signing_key.status_changed'
          | 'signing_key.deleted'
          | 'application.created'
          | 'application.updated'
          | 'application.deleted'
          | 'token.created'
          | 'token.revoked'
          | 'admin_token.created'
          | 'admin_token.revoked'
          | 'oauth_client.created'
          | 'oauth_client.deleted'
          | 'signal_source.created'
          | 'signal_source.updated'
          | 'signal_source.credential_changed'
          | 'signal_source.deleted'
          | 'stream.created'
          | 'stream.updated'
          | 'stream.status_changed'
          | 'stream.verification_requested'
          | 'stream.deleted'
          | 'subject.added'
          | 'subject.removed'
          | 'subject.purged'
          | 'set.redelivered'
          | 'sets.dropped'
          | 'recovery.requested'
          | 'recovery.cancelled'
          | 'history.dropped'
          | 'audit_log.shortened';
        providerId?: string;
        applicationId?: string;
        streamId?: string;
        /** @description At or after. */
        from?: string;
        /** @description Before. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditLogPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  exportAuditLog: {
    parameters: {
      query?: {
        /** @description Who made the change. */
        actor?: 'administrator' | 'receiver' | 'system';
        /** @description `id` of the actor, exactly: the one administrator, application or task that made the change. */
        actorId?: string;
        action?:
          | 'provider.created'
          | 'provider.updated'
          | 'provider.deleted'
          | 'signing_key.created'
          | 'signing_key.status_changed'
          | 'signing_key.deleted'
          | 'application.created'
          | 'application.updated'
          | 'application.deleted'
          | 'token.created'
          | 'token.revoked'
          | 'admin_token.created'
          | 'admin_token.revoked'
          | 'oauth_client.created'
          | 'oauth_client.deleted'
          | 'signal_source.created'
          | 'signal_source.updated'
          | 'signal_source.credential_changed'
          | 'signal_source.deleted'
          | 'stream.created'
          | 'stream.updated'
          | 'stream.status_changed'
          | 'stream.verification_requested'
          | 'stream.deleted'
          | 'subject.added'
          | 'subject.removed'
          | 'subject.purged'
          | 'set.redelivered'
          | 'sets.dropped'
          | 'recovery.requested'
          | 'recovery.cancelled'
          | 'history.dropped'
          | 'audit_log.shortened';
        providerId?: string;
        applicationId?: string;
        streamId?: string;
        /** @description At or after. */
        from?: string;
        /** @description Before. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Each line is an entry as in the list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': string;
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  resealSecrets: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Encrypted */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ResealReportDto'];
          'application/x-ndjson': string;
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  listAdminTokens: {
    parameters: {
      query?: {
        /** @description Items per page; 50 unless given. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminTokenPageDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  createAdminToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description Of your choice: a repetition with it gives the answer that was given, and changes nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateAdminTokenDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedAdminTokenDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It exists already, or the key was used otherwise. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  revokeAdminToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  previewProviderDeletion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeletionDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  previewApplicationDeletion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeletionDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  previewStreamDeletion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeletionDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  purgeSubject: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PurgeSubjectDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PurgeReportDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role admin. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
  getCurrentAdministrator: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CurrentAdministratorDto'];
        };
      };
      /** @description What was sent is wrong; `errors` names each member. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description No valid token. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description It needs the role viewer. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Too many wrong tokens from this address within a minute. */
      429: {
        headers: {
          /** @description Seconds */
          'Retry-After': number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
      /** @description Anything else: 413 for too large a body, 500 for a defect. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['ProblemDto'];
        };
      };
    };
  };
}
