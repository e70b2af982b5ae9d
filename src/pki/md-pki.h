// SPDX-License-Identifier: Apache-2.0
#pragma once

/* pki: certificates, path and revocation verdicts, the JPKI profile, key stores, CMS.
 *
 * The only folder that touches X.509 and CMS; nothing of OpenSSL shows in its headers. In short:
 *
 *   MdCertificate   one certificate, immutable, reference counted
 *   MdHolder        what a signature certificate says of its person, substitute characters marked
 *   MdKey           one private key: a PEM file, or callbacks (a PIV card on another thread)
 *   md_keyed_digest()  stands for a personal value where that must not lie
 *   MdRsaKey        one bare public key, for the signatures of card records
 *   MdTrust         anchors + certificate policies + profile; answers with an MdVerdict
 *   MdRevocation    OCSP with a CRL fallback; turns a valid path verdict into the final verdict
 *   MdCrlStore      a folder of revocation lists whose numbers never go back
 *   md_crl_archive_*() revocation lists of all times, by their digests
 *   MdVerdict       status and cause, certificate and path, time, evidence; an immutable value
 *   md_cms_*()      seal, open, sign and verify
 *
 * Everything blocks and nothing is bound to a thread; one object is used by one thread at a time,
 * except MdCertificate, MdVerdict and MdTrust (once set up), which are immutable and may be shared.
 * Times are seconds since 1970 in UTC and are always given by the caller: nothing here reads the
 * clock.
 */

#define MD_PKI_INSIDE
#include "md-pki-types.h"
#include "md-certificate.h"
#include "md-holder.h"
#include "md-key.h"
#include "md-keyed-digest.h"
#include "md-request.h"
#include "md-rsa-key.h"
#include "md-algorithms.h"
#include "md-verdict-cause.h"
#include "md-verdict.h"
#include "md-trust.h"
#include "md-ocsp-transport.h"
#include "md-revocation.h"
#include "md-revocation-moment.h"
#include "md-crl-store.h"
#include "md-crl-archive.h"
#include "md-cms.h"
#undef MD_PKI_INSIDE
