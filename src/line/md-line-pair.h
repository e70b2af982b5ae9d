// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_INSIDE) && !defined(MD_LINE_COMPILATION)
#error "Only <md-line.h> can be included directly."
#endif

#include <md-line-client.h>
#include <md-pki.h>

G_BEGIN_DECLS

/* The terminal's pairs of certificate and key: the one that was installed, and those that came over
 * the line. The latter lie in a folder of the service's own, each under the name of its key's
 * digest: KEY.key from when it was made, KEY.crt beside it once it is certified. Each file is
 * written whole, made durable and never changed, so that whatever dies in between, what was a pair
 * before is one after it. */

/** What to know of one pair. */
typedef struct
{
  char *certificate; /* PEM files */
  char *key;
  char *id; /* SHA-256 of its SubjectPublicKeyInfo, lower-case hexadecimal */
  gint64 not_before, not_after;
  gboolean renewed; /* it came over the line */
} MdLinePair;

void md_line_pair_free (MdLinePair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLinePair, md_line_pair_free)

/** The pair to use: of those that belong together the one that was issued last, whether it came
 * over the line or was installed. @shunned (nullable): the id of one that was refused, taken only
 * where there is no other. @line: certificate, key and, where pairs come over the line, its folder
 * (pairs). NULL where there is none at all. (transfer full) */
MdLinePair *md_line_pair_pick (const MdLineConfig *line,
                               const char *shunned) G_GNUC_WARN_UNUSED_RESULT;

/** Puts the pair to use in the place of the installed one of @line, if there is one. */
void md_line_pair_settle (MdLineConfig *line, const char *shunned);

/** Whether @pair is in the last third of its life at @now (seconds). */
gboolean md_line_pair_is_due (const MdLinePair *pair, gint64 now);

/** The key that is to be certified: made now, and on disk, unless there is one; *@out_made says
 * which. G_FILE_ERROR, MD_PKI_ERROR. (transfer full) */
MdKey *md_line_pair_make_key (const MdLineConfig *line, gboolean *out_made,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Takes @der as the certificate of @key, when it comes from the line's authority, is of the same
 * name as @pair's, belongs to the key, is valid at @now and ends later than @pair's; then it is on
 * disk. MD_PKI_ERROR, G_FILE_ERROR. */
gboolean md_line_pair_add (const MdLineConfig *line, const MdLinePair *pair, const MdKey *key,
                           GBytes *der, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The gateway has served @pair: what came over the line before it is destroyed, keys first. TRUE
 * where it came over the line and that is news. */
gboolean md_line_pair_accept (const MdLineConfig *line, const MdLinePair *pair);

/** Destroys keys that are not certified. */
void md_line_pair_forget_key (const MdLineConfig *line);

G_END_DECLS
