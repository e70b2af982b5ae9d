// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"
#include <md-pki.h>

G_BEGIN_DECLS

#define MD_TYPE_NOTICE (md_notice_get_type ())
#define MD_NOTICE_SCHEMA "madoguchi-notice/1"
#define MD_NOTICE_MAX_LINES 16u

/** MdNoticeLine: one line of the confirmation list that a second person did not let stand, or what
 * else keeps it from being worked on: its rule, and the field of the form that it is about (@field:
 * "" for none). No value. */
typedef struct
{
  char *rule;
  char *field;
} MdNoticeLine;

/**
 * MdNotice: the back office's signed word to a terminal that an approved intake has to be made
 * again (書面による通知). A plain record; strings are owned, and none holds personal data.
 * @number: of this terminal's notices, from 1 without a gap
 * @previous: SHA-256 of the signed notice before it, lower-case hexadecimal; "" for the first
 * @container: SHA-256 of the intake as the terminal sent it, lower-case hexadecimal
 * @officer, @reason: who returns it and why, as a code; @time: when, RFC 3339
 * @lines: (element-type MdNoticeLine), 1 to MD_NOTICE_MAX_LINES
 */
struct _MdNotice
{
  char *office;
  char *terminal;
  guint number;
  char *previous;
  char *intake;
  char *receipt_number;
  char *procedure;
  char *container;
  char *officer;
  char *reason;
  char *time;
  GPtrArray *lines;
};

GType md_notice_get_type (void);
MdNotice *md_notice_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdNotice *md_notice_copy (const MdNotice *self) G_GNUC_WARN_UNUSED_RESULT;
void md_notice_free (MdNotice *self);
void md_notice_add_line (MdNotice *self, const char *rule, const char *field);

/** CMS SignedData in DER with the JSON inside. MALFORMED when a member is missing or impossible.
 * (transfer full) */
GBytes *md_notice_sign (const MdNotice *self, MdKey *key, const MdCertificate *certificate,
                        gint64 signing_time, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The JSON alone, read strictly. MALFORMED, LIMIT. (transfer full) */
MdNotice *md_notice_parse (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Verifies a notice: its signature, and the path of its signer to @trust at @time; 0: at the moment
 * that the notice says it was made, for one that was taken before. For whom it is, and which one it
 * has to be, is the caller's to compare. MALFORMED, SIGNATURE, UNTRUSTED. (transfer full)
 */
MdNotice *md_notice_verify (GBytes *signed_notice, const MdTrust *trust, gint64 time,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdNotice, md_notice_free)

G_END_DECLS
