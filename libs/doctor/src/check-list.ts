import type { Check } from './check.js';
import { certificateChain } from './checks/certificate-chain.js';
import { certificateExpiry } from './checks/certificate-expiry.js';
import { certificateNames } from './checks/certificate-names.js';
import { certificateTrust } from './checks/certificate-trust.js';
import { clientAuthentication } from './checks/client-authentication.js';
import { clientProfiles } from './checks/client-profiles.js';
import { clientRedirectUris } from './checks/client-redirect-uris.js';
import { clientSecrets } from './checks/client-secrets.js';
import { clock } from './checks/clock.js';
import { cookies } from './checks/cookies.js';
import { crossOrigin } from './checks/cross-origin.js';
import { endpointAnswers } from './checks/endpoint-answers.js';
import { endpointReachability } from './checks/endpoint-reachability.js';
import { errorTexts } from './checks/error-texts.js';
import { grantTypes } from './checks/grant-types.js';
import { httpsOnly } from './checks/https-only.js';
import { issuerEquality } from './checks/issuer-equality.js';
import { issuerForm } from './checks/issuer-form.js';
import { issuerInResponses } from './checks/issuer-in-responses.js';
import { keyAlgorithms } from './checks/key-algorithms.js';
import { keyIds } from './checks/key-ids.js';
import { keyRotation } from './checks/key-rotation.js';
import { keysPublic } from './checks/keys-public.js';
import { keysUsable } from './checks/keys-usable.js';
import { managementEndpoints } from './checks/management-endpoints.js';
import { metadataDocuments } from './checks/metadata-documents.js';
import { openRedirect } from './checks/open-redirect.js';
import { pageHeaders } from './checks/page-headers.js';
import { pkceMethods } from './checks/pkce-methods.js';
import { redirectUri } from './checks/redirect-uri.js';
import { requiredMetadata } from './checks/required-metadata.js';
import { resourceMetadata } from './checks/resource-metadata.js';
import { signatureAlgorithms } from './checks/signature-algorithms.js';
import { signInRequest } from './checks/sign-in-request.js';
import { strictTransport } from './checks/strict-transport.js';
import { tlsVersions } from './checks/tls-versions.js';
import { versionBanners } from './checks/version-banners.js';

/** Every check, in the order of reports: from the connection to what a user sees. */
export const checkList: readonly Check[] = [
  httpsOnly,
  certificateTrust,
  certificateChain,
  certificateNames,
  certificateExpiry,
  tlsVersions,
  strictTransport,
  clock,

  issuerEquality,
  issuerForm,
  metadataDocuments,
  requiredMetadata,
  endpointReachability,
  endpointAnswers,
  resourceMetadata,

  keysUsable,
  keysPublic,
  keyIds,
  keyAlgorithms,
  keyRotation,

  grantTypes,
  pkceMethods,
  signatureAlgorithms,
  issuerInResponses,
  clientAuthentication,

  openRedirect,
  crossOrigin,
  errorTexts,

  signInRequest,
  redirectUri,
  cookies,
  pageHeaders,

  versionBanners,
  managementEndpoints,

  clientRedirectUris,
  clientProfiles,
  clientSecrets,
];
