// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* Every size a peer, a card or a file can make us allocate has its name here. Bytes unless said
 * otherwise. */

/* Cards */
#define MD_LIMIT_APDU_DATA 65535u /* longest command data of an extended APDU */
#define MD_LIMIT_APDU_RESPONSE                                                                     \
  65538u                          /* longest answer of an extended APDU, status word included      \
                                   */
#define MD_LIMIT_CARD_FILE 65535u /* longest elementary file read from a card */
#define MD_LIMIT_CARD_CERTIFICATE 8192u /* longest certificate accepted from a card */
#define MD_LIMIT_TLV_DEPTH 16u          /* nesting, in levels */
#define MD_LIMIT_PIN 16u                /* longest PIN or password of a card */

/* Certificates, revocation */
#define MD_LIMIT_CERTIFICATE 65536u
#define MD_LIMIT_OCSP_RESPONSE 65536u
#define MD_LIMIT_CRL (64u * 1024u * 1024u)
#define MD_LIMIT_CRL_EVIDENCE 32768u /* a longer list is only named in the evidence */
#define MD_LIMIT_COMPLETION                                                                        \
  (2u * 1024u * 1024u)    /* a later answer about revocation that is kept                          \
                           */
#define MD_LIMIT_CHAIN 8u /* certificates in a path */
#define MD_LIMIT_CMS (32u * 1024u * 1024u)

/* Containers */
#define MD_LIMIT_CONTAINER (64u * 1024u * 1024u)
#define MD_LIMIT_CONTAINER_ENTRIES 256u
#define MD_LIMIT_CONTAINER_ENTRY (32u * 1024u * 1024u)
#define MD_LIMIT_MANIFEST (1024u * 1024u)

/* Policy and forms */
#define MD_LIMIT_POLICY (8u * 1024u * 1024u)
#define MD_LIMIT_FORM_FILE (1024u * 1024u)
#define MD_LIMIT_FORM_FIELDS 512u
#define MD_LIMIT_FIELD_TEXT 4096u
#define MD_LIMIT_DECLARATION 2000u /* characters of a text that a person agrees to */

/* The wire and the bus */
#define MD_LIMIT_WIRE_HEADER 16384u
#define MD_LIMIT_WIRE_JSON (4u * 1024u * 1024u)
#define MD_LIMIT_RECEIPT 65536u
#define MD_LIMIT_PASSWORD 1024u
#define MD_LIMIT_AUDIT_DETAIL 4096u
#define MD_LIMIT_JSON_DEPTH 32u

/** Longest single MdSecret. */
#define MD_LIMIT_SECRET (MD_LIMIT_CMS)

G_END_DECLS
